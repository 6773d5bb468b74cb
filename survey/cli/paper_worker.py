"""A process that typesets some forms of one batch, writes the PDF to its standard output and ends.

Typesetting takes some nine megabytes a form. Apart from the server, it neither holds up the citizens' answers
nor takes the server along when memory runs out, and gives back all of its memory.
"""

import json
import os
import sys

from survey.reports.paper_form import render_paper_forms
from survey.services.paper_batches import get_batch
from survey.store.database import Database

# What citizens send goes first.
_NICENESS = 10


def main() -> None:
    os.nice(_NICENESS)
    # From the standard input: the address of a database holds its password, and arguments are no secret.
    order = json.load(sys.stdin)
    with Database(order["database_url"]).read() as session:
        batch = get_batch(session, order["round_code"], order["batch_code"])
    content = render_paper_forms(batch, range(order["first"], order["last"] + 1))
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
