"""A read as a file, the same at every door."""

from django.http import HttpResponse
from django.utils.text import slugify

from assessments import reads
from assessments.models import Read


def pdf(read: Read) -> HttpResponse:
    answer = HttpResponse(reads.as_pdf(read), content_type="application/pdf")
    name = slugify(f"{read.content['client']} read") or "read"
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
