"""Sessions, answers and the protocol."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make the three tables. No table of participants, no time finer than a day."""
    op.create_table(
        "sessions",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("facilitator", sa.String(64), nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("expires", sa.Date, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("responsible", sa.Text, nullable=False),
        sa.Column("parameters", sa.Text, nullable=False),
        sa.Column("exercises", sa.Text, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("facilitator_page", sa.Text, nullable=False),
    )
    # Without row ids SQLite keeps answers in the order of their keys: which came one after the other, and so
    # perhaps from the same person, is written nowhere.
    op.create_table(
        "answers",
        sa.Column("session", sa.String(8), primary_key=True),
        sa.Column("exercise", sa.String(60), primary_key=True),
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("released", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "protocol",
        sa.Column("session", sa.String(8), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("due", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("protocol", "answers", "sessions"):
        op.drop_table(table)
