"""Forms: the token and the fields. What an answer means is checked by `questionnaires.answers`."""
