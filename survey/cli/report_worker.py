"""A process that computes one report of a large round and ends; the server starts it and gives it its order.

Apart from the server, the computation neither holds up the citizens' answers nor takes the server along when
memory runs out, and gives back all of its memory.
"""

import json
import os
import sys
from datetime import datetime
from pathlib import Path

from survey.services.kept_reports import build_kept_report
from survey.services.report_files import ReportFile
from survey.store.database import Database

# What citizens send goes first.
_NICENESS = 10


def main() -> None:
    os.nice(_NICENESS)
    # From the standard input: the address of a database holds its password, and arguments are no secret.
    order = json.load(sys.stdin)
    kind, round_code, database_url = order["kind"], order["round_code"], order["database_url"]
    now = datetime.fromisoformat(order["now"])
    with Database(database_url).read() as session:
        kept = build_kept_report(session, kind, round_code, database_url, now=now)
    ReportFile(Path(order["data_directory"]), kind, round_code).write(kept)


if __name__ == "__main__":
    main()
