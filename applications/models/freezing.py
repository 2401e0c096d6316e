"""What a decided case rests on stays as it was: triggers that refuse any write once nothing is left to decide."""

import pgtrigger

from applications.rules.process import FINAL_STATES

_FINAL = ", ".join(f"'{state}'" for state in sorted(state.value for state in FINAL_STATES))
_RETURN = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"


def frozen_with_case(case_id: str = "COALESCE(NEW.case_id, OLD.case_id)") -> pgtrigger.Trigger:
    """Trigger that refuses writes to a row of a case that has ended.

    :param case_id: SQL for the case's key; ``NEW`` is null for a deleted row, ``OLD`` for a new one.
    """
    return pgtrigger.Trigger(
        name="frozen_with_case",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF EXISTS (SELECT 1 FROM applications_case WHERE id = {case_id} AND state IN ({_FINAL})) THEN
                RAISE EXCEPTION 'jixi: the case has ended, % on % is refused', TG_OP, TG_TABLE_NAME;
            END IF;
            {_RETURN}
        """,  # noqa: S608 -- names of our own tables and states only
    )


def frozen_with(table: str, key: str) -> pgtrigger.Trigger:
    """The same for a row that hangs from a row of a case.

    :param table: the table between, which has the ``case_id``.
    :param key: the row's column that leads there.
    """
    between = f"(SELECT case_id FROM {table} WHERE id = COALESCE(NEW.{key}, OLD.{key}))"  # noqa: S608 -- our own names
    return frozen_with_case(between)


def frozen_with_intake(intake_id: str = "COALESCE(NEW.intake_id, OLD.intake_id)") -> pgtrigger.Trigger:
    """Trigger that refuses writes to a row of an intake whose cases have all ended."""
    return pgtrigger.Trigger(
        name="frozen_with_intake",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF EXISTS (SELECT 1 FROM applications_case WHERE intake_id = {intake_id})
            AND NOT EXISTS (
                SELECT 1 FROM applications_case WHERE intake_id = {intake_id} AND state NOT IN ({_FINAL})
            ) THEN
                RAISE EXCEPTION 'jixi: every case of the intake has ended, % on % is refused', TG_OP, TG_TABLE_NAME;
            END IF;
            {_RETURN}
        """,  # noqa: S608 -- names of our own tables and states only
    )
