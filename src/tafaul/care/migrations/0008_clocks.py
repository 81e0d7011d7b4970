"""Clocks from which it follows when they are due, and that tell open pages."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

TELL = """
CREATE TRIGGER care_clock_update_tells_open_pages AFTER UPDATE ON care_clock
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION care_tell_open_pages();
"""
BACKWARDS = "DROP TRIGGER care_clock_update_tells_open_pages ON care_clock;"


class Migration(migrations.Migration):

    dependencies = [
        ('bodies', '0004_assignment'),
        ('care', '0007_colleagues'),
    ]

    operations = [
        # Nothing ran a clock before.
        migrations.RunSQL("DELETE FROM care_clock", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name='clock', name='a_clock_runs_or_rests'),
        migrations.RemoveIndex(model_name='clock', name='clock_to_breach'),
        migrations.RemoveIndex(model_name='clock', name='clock_to_warn'),
        migrations.RemoveField(model_name='clock', name='warn_at'),
        migrations.RemoveField(model_name='clock', name='left'),
        migrations.AddField(
            model_name='clock',
            name='counted_from',
            field=models.DateTimeField(default=None),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='clock',
            name='time_left',
            field=models.DurationField(default=None),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='clock',
            name='look_at',
            field=models.DateTimeField(help_text='When somebody must hear of it next; empty: never', null=True),
        ),
        migrations.AddField(
            model_name='clock',
            name='promised_by',
            field=models.ForeignKey(db_index=False, default=None, on_delete=django.db.models.deletion.PROTECT, related_name='clocks_promised', to='bodies.body'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='clock',
            name='body',
            field=models.ForeignKey(db_index=False, help_text='Whose calendar it follows', on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='bodies.body'),
        ),
        migrations.AlterField(
            model_name='clock',
            name='referral',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='care.referral'),
        ),
        migrations.AlterField(
            model_name='clock',
            name='warned_at',
            field=models.DateTimeField(help_text='At three quarters', null=True),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=Q(look_at__isnull=False), fields=['look_at'], name='clock_to_look_at'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=Q(ended_at__isnull=True), fields=['due_at'], name='clock_by_due_time'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(fields=['body', 'ended_at'], name='clock_by_body'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(
                condition=Q(('due_at__isnull', False), ('paused_at__isnull', True))
                | Q(('due_at__isnull', True), ('look_at__isnull', True), ('paused_at__isnull', False)),
                name='a_clock_runs_or_rests',
            ),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(
                condition=Q(('ended_at__isnull', True), ('was_met__isnull', True))
                | Q(('ended_at__isnull', False), ('look_at__isnull', True)),
                name='nobody_hears_of_an_ended_clock',
            ),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(
                condition=~Q(('was_met', True)) | Q(('breached_at__isnull', True)),
                name='a_broken_promise_was_not_met',
            ),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(
                condition=Q(('referral__isnull', False), ('what', 'acceptance'))
                | (~Q(('what', 'acceptance')) & Q(('referral__isnull', True))),
                name='what_is_accepted_is_a_referral',
            ),
        ),
        migrations.RunSQL(TELL, BACKWARDS),
    ]
