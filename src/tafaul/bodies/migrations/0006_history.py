"""The history of bodies and of the people who work for them."""


import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from tafaul.bodies.row_security import of_body, secure_history


class Migration(migrations.Migration):

    dependencies = [
        ('bodies', '0005_row_level_security'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('channel', models.CharField(max_length=16)),
                ('external_id', models.CharField(max_length=64)),
                ('handle', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('connected', 'Connected'), ('disconnected', 'Disconnected')], default='connected', max_length=16)),
                ('trouble', models.TextField(blank=True, help_text='Why it is disconnected')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BodyEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=64)),
                ('name_ar', models.TextField()),
                ('name_en', models.TextField()),
                ('contact_number', models.CharField(blank=True, max_length=32)),
                ('referral_email', models.EmailField(blank=True, help_text='Where referrals go while nobody of it works here', max_length=254)),
                ('territory', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, help_text='Slugs of places', size=None)),
                ('withheld_topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, help_text='Topics it may not be referred', size=None)),
                ('usual_answer', models.CharField(choices=[('answered', 'Direct answer'), ('referred', 'Referred to the competent body'), ('taken_private', 'In private messages'), ('contact_number', 'Unified number'), ('acknowledged', 'Received')], default='acknowledged', max_length=16)),
                ('assignment', models.CharField(choices=[('hand', 'By hand'), ('turn', 'By turns'), ('load', 'To whoever has the fewest')], default='hand', max_length=8)),
                ('monthly_budget', models.DecimalField(blank=True, decimal_places=2, help_text='US dollars; empty: no limit', max_digits=10, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DayOffEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('day', models.DateField()),
                ('name', models.TextField(blank=True)),
                ('is_worked', models.BooleanField(default=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='InvitationEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('agent', 'Agent'), ('approver', 'Approver'), ('supervisor', 'Supervisor'), ('knowledge_editor', 'Knowledge editor'), ('administrator', 'Administrator'), ('auditor', 'Auditor')], max_length=20)),
                ('email', models.EmailField(max_length=254)),
                ('sent_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('agent', 'Agent'), ('approver', 'Approver'), ('supervisor', 'Supervisor'), ('knowledge_editor', 'Knowledge editor'), ('administrator', 'Administrator'), ('auditor', 'Auditor')], max_length=20)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('name_ar', models.TextField(blank=True)),
                ('name_en', models.TextField(blank=True)),
                ('language', models.CharField(default='ar', max_length=2)),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WorkingHoursEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('season', models.CharField(choices=[('usual', 'Usual days'), ('ramadan', 'Ramadan')], default='usual', max_length=8)),
                ('weekday', models.SmallIntegerField(help_text='0 is Monday, 6 is Sunday')),
                ('opens', models.TimeField()),
                ('closes', models.TimeField(help_text="00:00 is midnight at the day's end")),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_accountevent" ("body_id", "channel", "external_id", "handle", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "trouble") VALUES (NEW."body_id", NEW."channel", NEW."external_id", NEW."handle", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."state", NEW."trouble"); RETURN NULL;', hash='78e7ca1589c16e56bb1cbab35c725040a04f046f', operation='INSERT', pgid='pgtrigger_insert_insert_9386a', table='bodies_account', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."body_id" IS DISTINCT FROM (NEW."body_id") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id") OR OLD."handle" IS DISTINCT FROM (NEW."handle") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."trouble" IS DISTINCT FROM (NEW."trouble"))', func='INSERT INTO "bodies_accountevent" ("body_id", "channel", "external_id", "handle", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "trouble") VALUES (NEW."body_id", NEW."channel", NEW."external_id", NEW."handle", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."state", NEW."trouble"); RETURN NULL;', hash='233af885549f56e9fc237825613cc78594019c1e', operation='UPDATE', pgid='pgtrigger_update_update_e9ea7', table='bodies_account', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_accountevent" ("body_id", "channel", "external_id", "handle", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "trouble") VALUES (OLD."body_id", OLD."channel", OLD."external_id", OLD."handle", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."state", OLD."trouble"); RETURN NULL;', hash='ee3b64ec0828e5f44275094ff24a258213cce404', operation='DELETE', pgid='pgtrigger_delete_delete_70bc9', table='bodies_account', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='body',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_bodyevent" ("assignment", "contact_number", "id", "monthly_budget", "name_ar", "name_en", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_email", "slug", "territory", "usual_answer", "withheld_topics") VALUES (NEW."assignment", NEW."contact_number", NEW."id", NEW."monthly_budget", NEW."name_ar", NEW."name_en", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."referral_email", NEW."slug", NEW."territory", NEW."usual_answer", NEW."withheld_topics"); RETURN NULL;', hash='ff5320011f543b92832f32d4340cbe5bb0f20e5c', operation='INSERT', pgid='pgtrigger_insert_insert_aec61', table='bodies_body', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='body',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bodies_bodyevent" ("assignment", "contact_number", "id", "monthly_budget", "name_ar", "name_en", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_email", "slug", "territory", "usual_answer", "withheld_topics") VALUES (NEW."assignment", NEW."contact_number", NEW."id", NEW."monthly_budget", NEW."name_ar", NEW."name_en", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."referral_email", NEW."slug", NEW."territory", NEW."usual_answer", NEW."withheld_topics"); RETURN NULL;', hash='391b3ba8acab3a37fc33f19837c6822f27559c8f', operation='UPDATE', pgid='pgtrigger_update_update_4f658', table='bodies_body', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='body',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_bodyevent" ("assignment", "contact_number", "id", "monthly_budget", "name_ar", "name_en", "parent_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referral_email", "slug", "territory", "usual_answer", "withheld_topics") VALUES (OLD."assignment", OLD."contact_number", OLD."id", OLD."monthly_budget", OLD."name_ar", OLD."name_en", OLD."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."referral_email", OLD."slug", OLD."territory", OLD."usual_answer", OLD."withheld_topics"); RETURN NULL;', hash='eb63b4edbd35ce8b644fb25ec71a5f0c96f39b15', operation='DELETE', pgid='pgtrigger_delete_delete_ec666', table='bodies_body', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dayoff',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_dayoffevent" ("body_id", "day", "id", "is_worked", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."body_id", NEW."day", NEW."id", NEW."is_worked", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id"); RETURN NULL;', hash='91a29fbbff5d2b86177b6c27e4853945fef0be25', operation='INSERT', pgid='pgtrigger_insert_insert_900fc', table='bodies_dayoff', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dayoff',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bodies_dayoffevent" ("body_id", "day", "id", "is_worked", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."body_id", NEW."day", NEW."id", NEW."is_worked", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id"); RETURN NULL;', hash='998d0130fd4ba614130e9c68a2c828589798f68b', operation='UPDATE', pgid='pgtrigger_update_update_93975', table='bodies_dayoff', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dayoff',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_dayoffevent" ("body_id", "day", "id", "is_worked", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."body_id", OLD."day", OLD."id", OLD."is_worked", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id"); RETURN NULL;', hash='9f3ea1b4d75dabb48980a7bac8a2e3fc947bd684', operation='DELETE', pgid='pgtrigger_delete_delete_53151', table='bodies_dayoff', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_invitationevent" ("accepted_at", "accepted_by_id", "body_id", "by_id", "email", "expires_at", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sent_at", "withdrawn_at") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."body_id", NEW."by_id", NEW."email", NEW."expires_at", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."role", NEW."sent_at", NEW."withdrawn_at"); RETURN NULL;', hash='7fdbfd47800b10ea2eab7c327c4ebf309a337969', operation='INSERT', pgid='pgtrigger_insert_insert_17474', table='bodies_invitation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."accepted_by_id" IS DISTINCT FROM (NEW."accepted_by_id") OR OLD."body_id" IS DISTINCT FROM (NEW."body_id") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))', func='INSERT INTO "bodies_invitationevent" ("accepted_at", "accepted_by_id", "body_id", "by_id", "email", "expires_at", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sent_at", "withdrawn_at") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."body_id", NEW."by_id", NEW."email", NEW."expires_at", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."role", NEW."sent_at", NEW."withdrawn_at"); RETURN NULL;', hash='2e382ee75209546341e408fb995afda005dd0416', operation='UPDATE', pgid='pgtrigger_update_update_44d56', table='bodies_invitation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_invitationevent" ("accepted_at", "accepted_by_id", "body_id", "by_id", "email", "expires_at", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sent_at", "withdrawn_at") VALUES (OLD."accepted_at", OLD."accepted_by_id", OLD."body_id", OLD."by_id", OLD."email", OLD."expires_at", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."role", OLD."sent_at", OLD."withdrawn_at"); RETURN NULL;', hash='0ef22ca9bdcf960d40c68b9e2c96f1fb2c412d6e', operation='DELETE', pgid='pgtrigger_delete_delete_e2975', table='bodies_invitation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_membershipevent" ("body_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."body_id", NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."role"); RETURN NULL;', hash='118c0b0a3106085c4c77eb764711aa78900f43d3', operation='INSERT', pgid='pgtrigger_insert_insert_497d1', table='bodies_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."body_id" IS DISTINCT FROM (NEW."body_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."role" IS DISTINCT FROM (NEW."role"))', func='INSERT INTO "bodies_membershipevent" ("body_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."body_id", NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."role"); RETURN NULL;', hash='7d12e347161518f6a2cc5efa0805302011da12ff', operation='UPDATE', pgid='pgtrigger_update_update_94a36', table='bodies_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_membershipevent" ("body_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (OLD."body_id", OLD."id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."role"); RETURN NULL;', hash='029439ade7ff28f37448c0b1d3f273e7fcf92317', operation='DELETE', pgid='pgtrigger_delete_delete_807f0', table='bodies_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_personevent" ("email", "is_active", "language", "name_ar", "name_en", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."email", NEW."is_active", NEW."language", NEW."name_ar", NEW."name_en", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."username"); RETURN NULL;', hash='30c231f1ee56972c56b617fe6f8d83b27ac3617b', operation='INSERT', pgid='pgtrigger_insert_insert_d080d', table='bodies_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name_ar" IS DISTINCT FROM (NEW."name_ar") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "bodies_personevent" ("email", "is_active", "language", "name_ar", "name_en", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."email", NEW."is_active", NEW."language", NEW."name_ar", NEW."name_en", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."username"); RETURN NULL;', hash='faa088bed55f49c60b56e15ae84362b495fc877c', operation='UPDATE', pgid='pgtrigger_update_update_e074a', table='bodies_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_personevent" ("email", "is_active", "language", "name_ar", "name_en", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (OLD."email", OLD."is_active", OLD."language", OLD."name_ar", OLD."name_en", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."username"); RETURN NULL;', hash='b026b5d560ec0a99d1c5bc428f4b9167a0e5c813', operation='DELETE', pgid='pgtrigger_delete_delete_047e8', table='bodies_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workinghours',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_workinghoursevent" ("body_id", "closes", "id", "opens", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "season", "weekday") VALUES (NEW."body_id", NEW."closes", NEW."id", NEW."opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."season", NEW."weekday"); RETURN NULL;', hash='27fffe3f8017111abaf562ab5d0122c6521b2a96', operation='INSERT', pgid='pgtrigger_insert_insert_e9f93', table='bodies_workinghours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workinghours',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bodies_workinghoursevent" ("body_id", "closes", "id", "opens", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "season", "weekday") VALUES (NEW."body_id", NEW."closes", NEW."id", NEW."opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."season", NEW."weekday"); RETURN NULL;', hash='ceee07fba0d1ed76148a3fe7598a1c2d8d4c338f', operation='UPDATE', pgid='pgtrigger_update_update_f39c4', table='bodies_workinghours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workinghours',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bodies_workinghoursevent" ("body_id", "closes", "id", "opens", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "season", "weekday") VALUES (OLD."body_id", OLD."closes", OLD."id", OLD."opens", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'delete\', OLD."id", OLD."season", OLD."weekday"); RETURN NULL;', hash='4b499802d775106552174907499576c77de278a9', operation='DELETE', pgid='pgtrigger_delete_delete_223ee', table='bodies_workinghours', when='AFTER')),
        ),
        migrations.AddField(
            model_name='accountevent',
            name='body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='accountevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bodies.account'),
        ),
        migrations.AddField(
            model_name='bodyevent',
            name='parent',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='bodyevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='dayoffevent',
            name='body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='dayoffevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bodies.dayoff'),
        ),
        migrations.AddField(
            model_name='invitationevent',
            name='accepted_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitationevent',
            name='body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='invitationevent',
            name='by',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bodies.invitation'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bodies.membership'),
        ),
        migrations.AddField(
            model_name='personevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='workinghoursevent',
            name='body',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bodies.body'),
        ),
        migrations.AddField(
            model_name='workinghoursevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='bodies.workinghours'),
        ),
        migrations.AddIndex(
            model_name='accountevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='bodies_acco_pgh_cre_8e47dc_brin'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3dbae82d24258d6e61cc6b8ae6a1507f3362b5bd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_927b4', table='bodies_accountevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='bodyevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='bodies_body_pgh_cre_ed5e18_brin'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bodyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d8fea35079a6f39f2f98d03a64cf006a1a101323', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_133bf', table='bodies_bodyevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='dayoffevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='bodies_dayo_pgh_cre_d2e40e_brin'),
        ),
        migrations.AddIndex(
            model_name='dayoffevent',
            index=models.Index(fields=['body'], name='bodies_dayo_body_id_22eba0_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dayoffevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8266cc59a448000a457868c7ec485d0b4ac61eb4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_dbe1c', table='bodies_dayoffevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='invitationevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='bodies_invi_pgh_cre_3103d5_brin'),
        ),
        migrations.AddIndex(
            model_name='invitationevent',
            index=models.Index(fields=['body'], name='bodies_invi_body_id_a3d3a0_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2c4eea8f3b4909c05def4cb321393333e631f9a0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_af7d6', table='bodies_invitationevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='membershipevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='bodies_memb_pgh_cre_2dae5d_brin'),
        ),
        migrations.AddIndex(
            model_name='membershipevent',
            index=models.Index(fields=['body'], name='bodies_memb_body_id_2f50b1_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membershipevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8081f9a786eda6bc19e6b6abefa9a8db78b08f76', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_02b78', table='bodies_membershipevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='personevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='bodies_pers_pgh_cre_ee489f_brin'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a6d2fba46ff6d9dc7f4e4a4c55648a5816fd8c86', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_90f98', table='bodies_personevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='workinghoursevent',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['pgh_created_at'], name='bodies_work_pgh_cre_ed9e84_brin'),
        ),
        migrations.AddIndex(
            model_name='workinghoursevent',
            index=models.Index(fields=['body'], name='bodies_work_body_id_d08359_idx'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workinghoursevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cb71276de8d61660aa4307742817f0e6ceb09d29', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4d03b', table='bodies_workinghoursevent', when='BEFORE')),
        ),
        secure_history("bodies_bodyevent", of_body("pgh_obj_id")),
        secure_history("bodies_personevent", "pgh_obj_id = ANY ((SELECT tafaul_colleagues())::bigint[])"),
        *(
            secure_history(f"bodies_{name}event", of_body())
            for name in ("account", "dayoff", "invitation", "membership", "workinghours")
        ),
    ]
