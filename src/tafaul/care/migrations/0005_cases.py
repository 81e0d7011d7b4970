"""Where a case may go from each state, and what finds it: indexes and the words of its posts."""

from django.db import migrations, models

from tafaul.care import search

MEND = """
UPDATE care_case SET waiting_since = NULL WHERE state <> 'open' AND waiting_since IS NOT NULL;
UPDATE care_case SET priority = CASE
    WHEN urgency = 0 THEN 0 WHEN urgency = 2 THEN 4 WHEN kind = 'complaint' THEN 2 WHEN kind = 'inquiry' THEN 3
    ELSE 4 END
WHERE state <> 'closed';
"""

MOVES = """
CREATE FUNCTION care_case_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.merged_into_id IS NOT NULL AND NEW.state <> 'closed'
        OR OLD.state = 'closed' AND NEW.state <> 'open'
        OR NEW.state NOT IN ('open', 'asked', 'answered', 'closed')
    THEN
        RAISE EXCEPTION 'case % does not go from % to %', OLD.reference, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_case_moves_as_it_may';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER care_case_moves BEFORE UPDATE OF state ON care_case
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION care_case_moves();
"""
BACK = "DROP TRIGGER care_case_moves ON care_case; DROP FUNCTION care_case_moves();"


def fill_search(apps, editor):
    search.fill()


class Migration(migrations.Migration):

    dependencies = [
        ('care', '0004_who_sees_a_case'),
    ]

    operations = [
        migrations.RunSQL(MEND, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='reply',
            name='asks',
            field=models.BooleanField(db_default=False, default=False, help_text="We wait for the citizen's answer to it"),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['waiting_since'], name='case_by_wait'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-last_post_at', '-id'], name='case_by_last_post'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['answered_at'], name='case_by_answer'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('needs_triage', True), ('state', 'open')), fields=['priority', 'waiting_since', 'id'], name='case_to_triage'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state', 'open'), ('urgency', 0)), fields=['priority', 'waiting_since', 'id'], name='case_urgent'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('tags', []), _negated=True), fields=['body', '-last_post_at'], name='case_tagged'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='case_merged'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(condition=models.Q(('case__isnull', False), ('visibility', 'public'), models.Q(('conversation_id', ''), _negated=True), models.Q(('conversation_id', models.F('external_id')), _negated=True)), fields=['account', 'conversation_id', 'id'], name='post_in_conversation'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'open'), ('waiting_since__isnull', True), _connector='OR'), name='who_waits_has_an_open_case'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'closed'), models.Q(('closed_at__isnull', True), ('outcome', ''), ('outcome_note', '')), _connector='OR'), name='only_a_closed_case_has_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'merged'), _negated=True), ('merged_into__isnull', False), _connector='OR'), name='a_merged_case_says_into_which'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='a_case_is_not_merged_into_itself'),
        ),
        migrations.RunSQL(MOVES, BACK),
        migrations.RunPython(fill_search, migrations.RunPython.noop),
    ]
