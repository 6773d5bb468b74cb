"""The interface for devices and other programs: JSON in, JSON out, problems as in RFC 9457."""
