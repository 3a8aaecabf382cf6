"""The rows of one block while they are made: a list of lines per court table, and ids."""

from cases.synthetic.tables import FIRST_ID, ROWS_PER_CASE, TABLES


class Sheets:
    """Lines without their line end, in the order in which they were added."""

    def __init__(self, *, block: int, cases_per_block: int) -> None:
        self.rows: dict[str, list[str]] = {table: [] for table in TABLES}
        self._next = {
            table: FIRST_ID[table] + block * cases_per_block * ROWS_PER_CASE[table]
            for table in TABLES
        }

    def next_id(self, table: str) -> int:
        """Return an id that no other row of the table has, in this block or another."""
        number = self._next[table]
        self._next[table] = number + 1
        return number
