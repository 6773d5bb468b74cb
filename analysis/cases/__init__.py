"""Case directories: survey data, a design and queries as files in, answers as JSON out."""
