from django.db import migrations, models
from django.db.models import F


def due_when_started(apps, schema_editor):
    """Let every job of before be due since its start."""
    apps.get_model("jobs", "Job").objects.filter(due_at=None).update(due_at=F("started_at"))


class Migration(migrations.Migration):

    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="due_at",
            field=models.DateTimeField(null=True, verbose_name="Когда делать"),
        ),
        migrations.RunPython(due_when_started, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="job",
            name="due_at",
            field=models.DateTimeField(verbose_name="Когда делать"),
        ),
        migrations.RemoveIndex(model_name="job", name="job_waiting_by_time"),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state", "running")),
                fields=["due_at"],
                name="job_waiting_by_time",
            ),
        ),
    ]
