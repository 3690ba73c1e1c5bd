"""Books that nobody can rewrite, and posting documents that always balance."""

from django.db import migrations

from crm.triggers import VendorSQL, append_only

UNBALANCED = "postings of an event sum to zero"
LATE = "a posting comes before its event"

SQLITE = [
    f"""CREATE TRIGGER ledger_event_balances AFTER INSERT ON ledger_event BEGIN
        SELECT RAISE(ABORT, '{UNBALANCED}') WHERE
            (SELECT COUNT(*) FROM ledger_posting WHERE event_id = NEW.id) < 2
            OR (SELECT SUM(grams) FROM ledger_posting WHERE event_id = NEW.id) <> 0;
    END""",
    f"""CREATE TRIGGER ledger_posting_comes_first BEFORE INSERT ON ledger_posting
        WHEN EXISTS (SELECT 1 FROM ledger_event WHERE id = NEW.event_id) BEGIN
        SELECT RAISE(ABORT, '{LATE}');
    END""",
]
POSTGRESQL = [
    f"""CREATE FUNCTION ledger_event_balances() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT COUNT(*) < 2 OR SUM(grams) <> 0 FROM ledger_posting WHERE event_id = NEW.id) THEN
            RAISE EXCEPTION '{UNBALANCED}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER ledger_event_balances AFTER INSERT ON ledger_event
        FOR EACH ROW EXECUTE FUNCTION ledger_event_balances()""",
    f"""CREATE FUNCTION ledger_posting_comes_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT 1 FROM ledger_event WHERE id = NEW.event_id) THEN
            RAISE EXCEPTION '{LATE}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER ledger_posting_comes_first BEFORE INSERT ON ledger_posting
        FOR EACH ROW EXECUTE FUNCTION ledger_posting_comes_first()""",
    # A second transaction cannot see an event that is not committed yet: at its own commit it must.
    f"""CREATE FUNCTION ledger_postings_balance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT SUM(grams) <> 0 FROM ledger_posting WHERE event_id = NEW.event_id) THEN
            RAISE EXCEPTION '{UNBALANCED}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE CONSTRAINT TRIGGER ledger_postings_balance AFTER INSERT ON ledger_posting
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_postings_balance()""",
]
UNDO_POSTGRESQL = [
    "DROP TRIGGER ledger_postings_balance ON ledger_posting",
    "DROP FUNCTION ledger_postings_balance()",
    "DROP TRIGGER ledger_posting_comes_first ON ledger_posting",
    "DROP FUNCTION ledger_posting_comes_first()",
    "DROP TRIGGER ledger_event_balances ON ledger_event",
    "DROP FUNCTION ledger_event_balances()",
]


class Migration(migrations.Migration):
    """Triggers of the ledger."""

    dependencies = [("ledger", "0001_initial")]

    operations = [
        append_only("ledger_event"),
        append_only("ledger_posting"),
        append_only("ledger_statehistory"),
        VendorSQL(
            SQLITE,
            POSTGRESQL,
            ["DROP TRIGGER ledger_posting_comes_first", "DROP TRIGGER ledger_event_balances"],
            UNDO_POSTGRESQL,
        ),
    ]
