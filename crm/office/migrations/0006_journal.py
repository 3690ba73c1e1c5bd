"""Let «Журнал» read Django's log by time: that table is not ours, so its index is made by hand."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('office', '0005_making'),
    ]

    operations = [
        migrations.RunSQL(
            'CREATE INDEX office_log_latest ON django_admin_log (action_time DESC, id DESC)',
            'DROP INDEX office_log_latest',
        ),
    ]
