"""The history of cases, and of the rules and promises about them."""


import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from tafaul.bodies.row_security import of_body, secure_history, through


class Migration(migrations.Migration):

    dependencies = [
        ('bodies', '0006_history'),
        ('care', '0010_row_level_security'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AttachmentEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.TextField()),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CaseEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('reference', models.CharField(max_length=16)),
                ('state', models.CharField(choices=[('open', 'Open'), ('asked', 'Citizen asked'), ('answered', 'Answered'), ('closed', 'Closed')], default='open', max_length=16)),
                ('kind', models.CharField(choices=[('complaint', 'Complaint'), ('inquiry', 'Inquiry'), ('suggestion', 'Suggestion'), ('thanks', 'Thanks'), ('other', 'Other')], max_length=16)),
                ('topic', models.CharField(blank=True, help_text='Empty: not known', max_length=40)),
                ('place', models.CharField(blank=True, max_length=64)),
                ('urgency', models.SmallIntegerField(choices=[(0, 'Urgent'), (1, 'Normal'), (2, 'Low')], default=1)),
                ('needs_triage', models.BooleanField(default=False, help_text='Nobody is sure whose it is')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), db_default=[], default=list, size=None)),
                ('outcome', models.CharField(blank=True, choices=[('settled', 'Put right'), ('answered', 'Answered'), ('not_ours', 'Not for this body'), ('not_possible', "Can't be done"), ('withdrawn', 'Withdrawn by the citizen'), ('silent', 'No word from the citizen'), ('merged', 'Merged into another case'), ('misuse', 'Advertising or abuse')], db_default='', max_length=16)),
                ('outcome_note', models.TextField(blank=True, db_default='')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CaseLinkEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('why', models.CharField(choices=[('thread', 'Same conversation'), ('split', 'Split from each other')], max_length=8)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CorrectionEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('complaint', 'Complaint'), ('inquiry', 'Inquiry'), ('suggestion', 'Suggestion'), ('thanks', 'Thanks'), ('other', 'Other')], max_length=16)),
                ('topic', models.CharField(blank=True, help_text='Empty: of no topic', max_length=40)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NoteEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OutsideReportEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('system', models.CharField(help_text='Slug in the pack', max_length=40)),
                ('number', models.CharField(max_length=40)),
                ('reported_on', models.DateField(null=True)),
                ('noted_at', models.DateTimeField()),
                ('ask_again_at', models.DateTimeField(help_text='When somebody must look what became of it', null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PromiseEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('what', models.CharField(choices=[('first_reply', 'First reply'), ('acceptance', 'Acceptance of a referral'), ('resolution', 'Resolution')], max_length=12)),
                ('kind', models.CharField(blank=True, choices=[('complaint', 'Complaint'), ('inquiry', 'Inquiry'), ('suggestion', 'Suggestion'), ('thanks', 'Thanks'), ('other', 'Other')], help_text='Empty: every kind', max_length=16)),
                ('urgency', models.SmallIntegerField(blank=True, choices=[(0, 'Urgent'), (1, 'Normal'), (2, 'Low')], help_text='Empty: all', null=True)),
                ('channel', models.CharField(blank=True, help_text='Empty: every channel', max_length=16)),
                ('working_time', models.DurationField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReferralEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('reason', models.CharField(choices=[('competence', 'It belongs to the other body'), ('place', "The place is the other body's"), ('unit', 'A unit of ours deals with it'), ('advice', 'The other body must say something to it')], max_length=12)),
                ('note', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('sent', 'Sent'), ('accepted', 'Accepted'), ('returned', 'Returned'), ('passed_on', 'Passed on'), ('done', 'Done'), ('withdrawn', 'Withdrawn')], default='sent', max_length=10)),
                ('sent_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(help_text='When it was accepted, returned or passed on', null=True)),
                ('returned_because', models.TextField(blank=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('done_note', models.TextField(blank=True)),
                ('email', models.EmailField(blank=True, help_text='Where it went, when nobody of the body works here', max_length=254)),
                ('mailed_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReplyEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('mode', models.CharField(choices=[('answered', 'Direct answer'), ('referred', 'Referred to the competent body'), ('taken_private', 'In private messages'), ('contact_number', 'Unified number'), ('acknowledged', 'Received')], max_length=16)),
                ('visibility', models.CharField(choices=[('public', 'Public'), ('private', 'Private')], max_length=8)),
                ('text', models.TextField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed')], max_length=8)),
                ('failure', models.TextField(blank=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RoutingRuleEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('position', models.IntegerField()),
                ('topic', models.CharField(blank=True, max_length=40)),
                ('place', models.CharField(blank=True, help_text='What lies in it fits too', max_length=64)),
                ('kind', models.CharField(blank=True, choices=[('complaint', 'Complaint'), ('inquiry', 'Inquiry'), ('suggestion', 'Suggestion'), ('thanks', 'Thanks'), ('other', 'Other')], max_length=16)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SilenceEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('after_question', models.PositiveSmallIntegerField(help_text='Days after the citizen was asked')),
                ('after_answer', models.PositiveSmallIntegerField(help_text='Days after the citizen was answered')),
                ('reminds_first', models.BooleanField(help_text='Who was asked is reminded first: by a draft that a person sends')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_attachmentevent" ("at", "by_id", "case_id", "content_type", "id", "name", "note_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size") VALUES (NEW."at", NEW."by_id", NEW."case_id", NEW."content_type", NEW."id", NEW."name", NEW."note_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."size"); RETURN NULL;', hash='d8d40f2b5577d6c1e9f1d274dc4a7803686c9cc4', operation='INSERT', pgid='pgtrigger_insert_insert_60b6e', table='care_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."content_type" IS DISTINCT FROM (NEW."content_type") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."note_id" IS DISTINCT FROM (NEW."note_id") OR OLD."size" IS DISTINCT FROM (NEW."size"))', func='INSERT INTO "care_attachmentevent" ("at", "by_id", "case_id", "content_type", "id", "name", "note_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size") VALUES (NEW."at", NEW."by_id", NEW."case_id", NEW."content_type", NEW."id", NEW."name", NEW."note_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."size"); RETURN NULL;', hash='df6b858ec2244d122e8d64f1292e0efa81bbf989', operation='UPDATE', pgid='pgtrigger_update_update_37229', table='care_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_attachmentevent" ("at", "by_id", "case_id", "content_type", "id", "name", "note_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size") VALUES (OLD."at", OLD."by_id", OLD."case_id", OLD."content_type", OLD."id", OLD."name", OLD."note_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."size"); RETURN NULL;', hash='bd82de70d99fb473c2617cee2080cbd80989df28', operation='DELETE', pgid='pgtrigger_delete_delete_b07e5', table='care_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='from_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."assignee_id" IS DISTINCT FROM (NEW."assignee_id") OR OLD."body_id" IS DISTINCT FROM (NEW."body_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."needs_triage" IS DISTINCT FROM (NEW."needs_triage") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."outcome_note" IS DISTINCT FROM (NEW."outcome_note") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."tags" IS DISTINCT FROM (NEW."tags") OR OLD."topic" IS DISTINCT FROM (NEW."topic") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency"))', func='INSERT INTO "care_caseevent" ("account_id", "assignee_id", "body_id", "kind", "merged_into_id", "needs_triage", "outcome", "outcome_note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reference", "state", "tags", "topic", "urgency") VALUES (OLD."account_id", OLD."assignee_id", OLD."body_id", OLD."kind", OLD."merged_into_id", OLD."needs_triage", OLD."outcome", OLD."outcome_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'from\', OLD."id", OLD."place", OLD."reference", OLD."state", OLD."tags", OLD."topic", OLD."urgency"); RETURN NULL;', hash='68fee68c81a25570711b4c8804fd04cb2e8e7753', operation='UPDATE', pgid='pgtrigger_from_update_50052', table='care_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='to_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."assignee_id" IS DISTINCT FROM (NEW."assignee_id") OR OLD."body_id" IS DISTINCT FROM (NEW."body_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."needs_triage" IS DISTINCT FROM (NEW."needs_triage") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."outcome_note" IS DISTINCT FROM (NEW."outcome_note") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."tags" IS DISTINCT FROM (NEW."tags") OR OLD."topic" IS DISTINCT FROM (NEW."topic") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency"))', func='INSERT INTO "care_caseevent" ("account_id", "assignee_id", "body_id", "kind", "merged_into_id", "needs_triage", "outcome", "outcome_note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reference", "state", "tags", "topic", "urgency") VALUES (NEW."account_id", NEW."assignee_id", NEW."body_id", NEW."kind", NEW."merged_into_id", NEW."needs_triage", NEW."outcome", NEW."outcome_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'to\', NEW."id", NEW."place", NEW."reference", NEW."state", NEW."tags", NEW."topic", NEW."urgency"); RETURN NULL;', hash='2dd3391d17ba94cedc4a4eb1539253f517a56d92', operation='UPDATE', pgid='pgtrigger_to_update_7a326', table='care_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caselink',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_caselinkevent" ("id", "one_id", "other_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "why") VALUES (NEW."id", NEW."one_id", NEW."other_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."why"); RETURN NULL;', hash='4f4d38baa95ba14e3861d600136749de0bc6824f', operation='INSERT', pgid='pgtrigger_insert_insert_16fe0', table='care_caselink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caselink',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "care_caselinkevent" ("id", "one_id", "other_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "why") VALUES (NEW."id", NEW."one_id", NEW."other_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."why"); RETURN NULL;', hash='9010545a349e2eb431817502bf94696f05b89224', operation='UPDATE', pgid='pgtrigger_update_update_aed59', table='care_caselink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caselink',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_caselinkevent" ("id", "one_id", "other_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "why") VALUES (OLD."id", OLD."one_id", OLD."other_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."why"); RETURN NULL;', hash='1ede6b1976471481c685480e36a4f1db71f93937', operation='DELETE', pgid='pgtrigger_delete_delete_4bee2', table='care_caselink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correction',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_correctionevent" ("at", "by_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "topic") VALUES (NEW."at", NEW."by_id", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."post_id", NEW."topic"); RETURN NULL;', hash='c55a172e6c4a2a1db4f83aa50086b3d6593bb456', operation='INSERT', pgid='pgtrigger_insert_insert_fc666', table='care_correction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correction',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "care_correctionevent" ("at", "by_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "topic") VALUES (NEW."at", NEW."by_id", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."post_id", NEW."topic"); RETURN NULL;', hash='5cef96835b5c96ca46e0f711970c27381b51a6e0', operation='UPDATE', pgid='pgtrigger_update_update_02e11', table='care_correction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correction',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_correctionevent" ("at", "by_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "topic") VALUES (OLD."at", OLD."by_id", OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."post_id", OLD."topic"); RETURN NULL;', hash='b88f4364365741127ed20b3b1b0e4890b3aa8fd7', operation='DELETE', pgid='pgtrigger_delete_delete_a67c4', table='care_correction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='note',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_noteevent" ("at", "by_id", "case_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."at", NEW."by_id", NEW."case_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id"); RETURN NULL;', hash='762ed776eb6fca28c886bca9a858a37785755dd7', operation='INSERT', pgid='pgtrigger_insert_insert_8d1f2', table='care_note', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='note',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."id" IS DISTINCT FROM (NEW."id"))', func='INSERT INTO "care_noteevent" ("at", "by_id", "case_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."at", NEW."by_id", NEW."case_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id"); RETURN NULL;', hash='1b13b3b41b4d3cc7df59d5c21d7240823f385985', operation='UPDATE', pgid='pgtrigger_update_update_18f39', table='care_note', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='note',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_noteevent" ("at", "by_id", "case_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."at", OLD."by_id", OLD."case_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id"); RETURN NULL;', hash='b7f611e19613c5b88dfeeaa35a6eaf4f423c1536', operation='DELETE', pgid='pgtrigger_delete_delete_f5159', table='care_note', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsidereport',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_outsidereportevent" ("ask_again_at", "case_id", "id", "note", "noted_at", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reported_on", "settled_at", "system") VALUES (NEW."ask_again_at", NEW."case_id", NEW."id", NEW."note", NEW."noted_at", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."reported_on", NEW."settled_at", NEW."system"); RETURN NULL;', hash='13a5472e7bca0f6a69906bcbeca1cf418f2b7e8c', operation='INSERT', pgid='pgtrigger_insert_insert_60657', table='care_outsidereport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsidereport',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "care_outsidereportevent" ("ask_again_at", "case_id", "id", "note", "noted_at", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reported_on", "settled_at", "system") VALUES (NEW."ask_again_at", NEW."case_id", NEW."id", NEW."note", NEW."noted_at", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."reported_on", NEW."settled_at", NEW."system"); RETURN NULL;', hash='bfa20d89e60917cbc5fe63a395d19c013c941d65', operation='UPDATE', pgid='pgtrigger_update_update_dab12', table='care_outsidereport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsidereport',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_outsidereportevent" ("ask_again_at", "case_id", "id", "note", "noted_at", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reported_on", "settled_at", "system") VALUES (OLD."ask_again_at", OLD."case_id", OLD."id", OLD."note", OLD."noted_at", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."reported_on", OLD."settled_at", OLD."system"); RETURN NULL;', hash='565f1898999d0e50a4dccd7d7edb3138a552a356', operation='DELETE', pgid='pgtrigger_delete_delete_7e48a', table='care_outsidereport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_promiseevent" ("body_id", "channel", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "urgency", "what", "working_time") VALUES (NEW."body_id", NEW."channel", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."urgency", NEW."what", NEW."working_time"); RETURN NULL;', hash='e95e57436a9c4be932fbcdef707cc7af513f4b39', operation='INSERT', pgid='pgtrigger_insert_insert_8224a', table='care_promise', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "care_promiseevent" ("body_id", "channel", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "urgency", "what", "working_time") VALUES (NEW."body_id", NEW."channel", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."urgency", NEW."what", NEW."working_time"); RETURN NULL;', hash='1484de9ed6ef7a1d920f272de3b28f4207e7ade3', operation='UPDATE', pgid='pgtrigger_update_update_459d6', table='care_promise', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_promiseevent" ("body_id", "channel", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "urgency", "what", "working_time") VALUES (OLD."body_id", OLD."channel", OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."urgency", OLD."what", OLD."working_time"); RETURN NULL;', hash='c6730ac0b00a8200b535b367036c1d482d31555f', operation='DELETE', pgid='pgtrigger_delete_delete_19ec8', table='care_promise', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_referralevent" ("case_id", "decided_at", "decided_by_id", "done_at", "done_by_id", "done_note", "email", "from_body_id", "id", "mailed_at", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "reason", "returned_because", "sent_at", "sent_by_id", "state", "to_body_id") VALUES (NEW."case_id", NEW."decided_at", NEW."decided_by_id", NEW."done_at", NEW."done_by_id", NEW."done_note", NEW."email", NEW."from_body_id", NEW."id", NEW."mailed_at", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."previous_id", NEW."reason", NEW."returned_because", NEW."sent_at", NEW."sent_by_id", NEW."state", NEW."to_body_id"); RETURN NULL;', hash='1d8e0c5088794c688c81b26df8587a545a6ffd82', operation='INSERT', pgid='pgtrigger_insert_insert_8388e', table='care_referral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."done_at" IS DISTINCT FROM (NEW."done_at") OR OLD."done_by_id" IS DISTINCT FROM (NEW."done_by_id") OR OLD."done_note" IS DISTINCT FROM (NEW."done_note") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."from_body_id" IS DISTINCT FROM (NEW."from_body_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."mailed_at" IS DISTINCT FROM (NEW."mailed_at") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."previous_id" IS DISTINCT FROM (NEW."previous_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."returned_because" IS DISTINCT FROM (NEW."returned_because") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."sent_by_id" IS DISTINCT FROM (NEW."sent_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."to_body_id" IS DISTINCT FROM (NEW."to_body_id"))', func='INSERT INTO "care_referralevent" ("case_id", "decided_at", "decided_by_id", "done_at", "done_by_id", "done_note", "email", "from_body_id", "id", "mailed_at", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "reason", "returned_because", "sent_at", "sent_by_id", "state", "to_body_id") VALUES (NEW."case_id", NEW."decided_at", NEW."decided_by_id", NEW."done_at", NEW."done_by_id", NEW."done_note", NEW."email", NEW."from_body_id", NEW."id", NEW."mailed_at", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."previous_id", NEW."reason", NEW."returned_because", NEW."sent_at", NEW."sent_by_id", NEW."state", NEW."to_body_id"); RETURN NULL;', hash='c9604e5880fe0841ae8dfe41b40401fd74707e16', operation='UPDATE', pgid='pgtrigger_update_update_2c87d', table='care_referral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_referralevent" ("case_id", "decided_at", "decided_by_id", "done_at", "done_by_id", "done_note", "email", "from_body_id", "id", "mailed_at", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "reason", "returned_because", "sent_at", "sent_by_id", "state", "to_body_id") VALUES (OLD."case_id", OLD."decided_at", OLD."decided_by_id", OLD."done_at", OLD."done_by_id", OLD."done_note", OLD."email", OLD."from_body_id", OLD."id", OLD."mailed_at", OLD."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."previous_id", OLD."reason", OLD."returned_because", OLD."sent_at", OLD."sent_by_id", OLD."state", OLD."to_body_id"); RETURN NULL;', hash='48a39dd8db14ca80bac1769dad980b70197c4418', operation='DELETE', pgid='pgtrigger_delete_delete_cbe64', table='care_referral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reply',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state <> 'draft')", func='INSERT INTO "care_replyevent" ("account_id", "answers_id", "approved_by_id", "case_id", "failure", "mode", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text", "visibility") VALUES (NEW."account_id", NEW."answers_id", NEW."approved_by_id", NEW."case_id", NEW."failure", NEW."mode", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."state", NEW."text", NEW."visibility"); RETURN NULL;', hash='6843c35eb8f867edb373f2910758ba69ee28d580', operation='INSERT', pgid='pgtrigger_insert_insert_c1411', table='care_reply', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reply',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state NOT IN ('draft', 'sending') AND NEW.state <> OLD.state)", func='INSERT INTO "care_replyevent" ("account_id", "answers_id", "approved_by_id", "case_id", "failure", "mode", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text", "visibility") VALUES (NEW."account_id", NEW."answers_id", NEW."approved_by_id", NEW."case_id", NEW."failure", NEW."mode", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."state", NEW."text", NEW."visibility"); RETURN NULL;', hash='cedff2ddee06eb1149205456e800a2b7ab29df20', operation='UPDATE', pgid='pgtrigger_update_update_46bfc', table='care_reply', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='routingrule',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_routingruleevent" ("account_id", "body_id", "id", "is_active", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "to_body_id", "topic") VALUES (NEW."account_id", NEW."body_id", NEW."id", NEW."is_active", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."place", NEW."position", NEW."to_body_id", NEW."topic"); RETURN NULL;', hash='05d1dfc2948a3a6ea578c9335cf00f3c8367813a', operation='INSERT', pgid='pgtrigger_insert_insert_56bb1', table='care_routingrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='routingrule',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "care_routingruleevent" ("account_id", "body_id", "id", "is_active", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "to_body_id", "topic") VALUES (NEW."account_id", NEW."body_id", NEW."id", NEW."is_active", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."place", NEW."position", NEW."to_body_id", NEW."topic"); RETURN NULL;', hash='85f3965b88f85e7d2ab73616a8c9af47a2544338', operation='UPDATE', pgid='pgtrigger_update_update_8178d', table='care_routingrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='routingrule',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_routingruleevent" ("account_id", "body_id", "id", "is_active", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "position", "to_body_id", "topic") VALUES (OLD."account_id", OLD."body_id", OLD."id", OLD."is_active", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."place", OLD."position", OLD."to_body_id", OLD."topic"); RETURN NULL;', hash='49fe20b1345d399c7c375155a6271d0ef777c5d7', operation='DELETE', pgid='pgtrigger_delete_delete_ad6a3', table='care_routingrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='silence',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_silenceevent" ("after_answer", "after_question", "body_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reminds_first") VALUES (NEW."after_answer", NEW."after_question", NEW."body_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."reminds_first"); RETURN NULL;', hash='c4bb902c1c5572de190d2621e0ed34f3a9284604', operation='INSERT', pgid='pgtrigger_insert_insert_4b8f5', table='care_silence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='silence',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "care_silenceevent" ("after_answer", "after_question", "body_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reminds_first") VALUES (NEW."after_answer", NEW."after_question", NEW."body_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."reminds_first"); RETURN NULL;', hash='4278d169bb82bd3ff4e5cf2b70da9e14e5659e9e', operation='UPDATE', pgid='pgtrigger_update_update_3aa64', table='care_silence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='silence',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "care_silenceevent" ("after_answer", "after_question", "body_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reminds_first") VALUES (OLD."after_answer", OLD."after_question", OLD."body_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."reminds_first"); RETURN NULL;', hash='c5f282368d38fbf8b38326a221c2259de4a5c166', operation='DELETE', pgid='pgtrigger_delete_delete_2c42f', table='care_silence', when='AFTER')),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='by',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='case',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.case'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='note',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.note'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.attachment'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='account',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.account'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='assignee',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='merged_into',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.case'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.case'),
        ),
        migrations.AddField(
            model_name='caselinkevent',
            name='one',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.case'),
        ),
        migrations.AddField(
            model_name='caselinkevent',
            name='other',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.case'),
        ),
        migrations.AddField(
            model_name='caselinkevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.caselink'),
        ),
        migrations.AddField(
            model_name='correctionevent',
            name='by',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correctionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.correction'),
        ),
        migrations.AddField(
            model_name='correctionevent',
            name='post',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.post'),
        ),
        migrations.AddField(
            model_name='noteevent',
            name='by',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='noteevent',
            name='case',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.case'),
        ),
        migrations.AddField(
            model_name='noteevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.note'),
        ),
        migrations.AddField(
            model_name='outsidereportevent',
            name='case',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.case'),
        ),
        migrations.AddField(
            model_name='outsidereportevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.outsidereport'),
        ),
        migrations.AddField(
            model_name='promiseevent',
            name='body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='promiseevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.promise'),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='case',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.case'),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='decided_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='done_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='from_body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.referral'),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='previous',
            field=models.ForeignKey(db_constraint=False, db_index=False, help_text='The one that was passed on by this one', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.referral'),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='sent_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='to_body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='replyevent',
            name='account',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.account'),
        ),
        migrations.AddField(
            model_name='replyevent',
            name='answers',
            field=models.ForeignKey(db_constraint=False, db_index=False, help_text='The post it answers', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.post'),
        ),
        migrations.AddField(
            model_name='replyevent',
            name='approved_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='replyevent',
            name='case',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='care.case'),
        ),
        migrations.AddField(
            model_name='replyevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.reply'),
        ),
        migrations.AddField(
            model_name='routingruleevent',
            name='account',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.account'),
        ),
        migrations.AddField(
            model_name='routingruleevent',
            name='body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='routingruleevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.routingrule'),
        ),
        migrations.AddField(
            model_name='routingruleevent',
            name='to_body',
            field=models.ForeignKey(db_constraint=False, db_index=False, help_text='Empty: triage', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='silenceevent',
            name='body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='silenceevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='care.silence'),
        ),
        migrations.AddIndex(
            model_name='attachmentevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_attach_pgh_cre_0b5b25_brin'),
        ),
        migrations.AddIndex(
            model_name='attachmentevent',
            index=models.Index(fields=['case'], name='care_attach_case_id_910926_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dc266cc20f19319354aaf12718e76e2a4081305b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ce2d3', table='care_attachmentevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='caseevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_caseev_pgh_cre_776469_brin'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0f222af8adbbfaa9d83451ed62eb31bfea82fd00', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_64b6b', table='care_caseevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='caselinkevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_caseli_pgh_cre_cce89b_brin'),
        ),
        migrations.AddIndex(
            model_name='caselinkevent',
            index=models.Index(fields=['one'], name='care_caseli_one_id_097d4c_idx'),
        ),
        migrations.AddIndex(
            model_name='caselinkevent',
            index=models.Index(fields=['other'], name='care_caseli_other_i_a3a4e2_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caselinkevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f1943eaf38602d6754e3d054510ecc4e6594f8ff', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_00980', table='care_caselinkevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='correctionevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_correc_pgh_cre_6f8284_brin'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correctionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2f0aa032fa8c67d32de334cb8138d23f075500f3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bb55f', table='care_correctionevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='noteevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_noteev_pgh_cre_b976fe_brin'),
        ),
        migrations.AddIndex(
            model_name='noteevent',
            index=models.Index(fields=['case'], name='care_noteev_case_id_e67d47_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noteevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='13007617677927fe65ec8c4ca535481861aa0059', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d103f', table='care_noteevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='outsidereportevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_outsid_pgh_cre_74a314_brin'),
        ),
        migrations.AddIndex(
            model_name='outsidereportevent',
            index=models.Index(fields=['case'], name='care_outsid_case_id_71428f_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outsidereportevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5ce99ebfdd47677955766a834062eb950f76f8e9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_55a14', table='care_outsidereportevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='promiseevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_promis_pgh_cre_4c2237_brin'),
        ),
        migrations.AddIndex(
            model_name='promiseevent',
            index=models.Index(fields=['body'], name='care_promis_body_id_a1859d_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promiseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0e87b083e8adc579227685fe7fd93d4f5cc701cb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_127c1', table='care_promiseevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='referralevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_referr_pgh_cre_aaf8c1_brin'),
        ),
        migrations.AddIndex(
            model_name='referralevent',
            index=models.Index(fields=['case'], name='care_referr_case_id_f39556_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referralevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='600f782875b2f17b1342eff37a7cf455fd671c2a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c16c9', table='care_referralevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='replyevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_replye_pgh_cre_f54c82_brin'),
        ),
        migrations.AddIndex(
            model_name='replyevent',
            index=models.Index(fields=['case'], name='care_replye_case_id_671478_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='replyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6ab183e5a0d7bcafc52b80f2b7f051b43c371acc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c342e', table='care_replyevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='routingruleevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_routin_pgh_cre_7e7ff4_brin'),
        ),
        migrations.AddIndex(
            model_name='routingruleevent',
            index=models.Index(fields=['body'], name='care_routin_body_id_25ee50_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='routingruleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4b135448c262f4b930281987e8d5f96e58a0e948', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5c529', table='care_routingruleevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='silenceevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='care_silenc_pgh_cre_99a83d_brin'),
        ),
        migrations.AddIndex(
            model_name='silenceevent',
            index=models.Index(fields=['body'], name='care_silenc_body_id_708479_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='silenceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='93c1302603e3d87609ecfe05a36168be8585e0e7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_171ea', table='care_silenceevent', when='BEFORE')),
        ),
        secure_history("care_caseevent", through("care_case", "care_caseevent.pgh_obj_id")),
        secure_history("care_caselinkevent", through("care_case", "care_caselinkevent.one_id")),
        secure_history("care_correctionevent", through("care_post", "care_correctionevent.post_id")),
        *(
            secure_history(f"care_{name}event", through("care_case", f"care_{name}event.case_id"))
            for name in ("attachment", "note", "outsidereport", "referral", "reply")
        ),
        *(secure_history(f"care_{name}event", of_body()) for name in ("promise", "routingrule", "silence")),
    ]
