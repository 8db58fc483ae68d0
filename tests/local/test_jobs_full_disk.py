"""A job of the emulated AWS whose disk, and so its log's, is full."""

import errno

from local.jobs.run import _run


class Job:
    """As much of a job as ends."""

    ended = ""

    def end(self, status, *, reason=""):
        self.ended = f"{status}: {reason}"


def test_a_full_disk_fails_the_job_although_its_log_takes_nothing_more(monkeypatch):
    full = OSError(errno.ENOSPC, "No space left on device", "/state/x")

    def write(*_):
        raise full

    monkeypatch.setattr("traceback.print_exc", write)
    job = Job()
    _run(job, write)

    assert job.ended.startswith(
        "Failed: InternalServerError: the emulated AWS failed: OSError: [Errno 28] No space left"
    )
    assert "/state/x" in job.ended
