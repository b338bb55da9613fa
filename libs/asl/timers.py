"""Firing timers: each at its own due time, whenever that is noticed."""

import heapq

from libs.asl import ending, running, tasks
from libs.asl.draft import Draft
from libs.asl.waiting import AwaitedTask, Delay, Timer


def fire_due(draft: Draft) -> bool:
    """Fire every timer that is due, also those opened by firing others; False where none is."""
    until = draft.now
    heap = [timer for timer in draft.execution.timers() if timer.due <= until]
    if not heap:
        return False
    heapq.heapify(heap)
    while heap:
        timer = heapq.heappop(heap)
        draft.now = timer.due
        draft.opened = []
        _fire(draft, timer)
        for opened in (timer for branch in draft.opened for timer in branch.timers()):
            if opened.due <= until:
                heapq.heappush(heap, opened)
    return True


def _fire(draft: Draft, timer: Timer) -> None:
    if timer.branch_id is None:
        ending.time_out(draft)
        return
    branch = draft.execution.branches.get(timer.branch_id)
    # A timer of a closed attempt is none of the branch's timers any more.
    if branch is None or timer not in branch.timers():
        return
    branch, waiting = draft.own(branch.id), branch.waiting
    if isinstance(waiting, AwaitedTask):
        running.go_on(draft, branch, tasks.timed_out(draft, branch, waiting))
    elif isinstance(waiting, Delay) and waiting.retry:
        branch.waiting = None
        running.try_again(draft, branch)
    else:
        running.resume(draft, branch, None, len("null"))
