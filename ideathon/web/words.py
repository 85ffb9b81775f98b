"""The sentence for every reason and refusal, in the reader's language: what happened and what to do."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "not_your_role": _l("You have no access to this page. If you should have, ask the host."),
    "join_first": _l("Join first: enter the code that is on the big screen."),
    "not_this_stage": _l("This is not open at this stage. The host opens it when its time comes."),
    "paused": _l("The day is paused for a moment. Try again when it goes on."),
    "not_yours": _l("Only the person who wrote this can change it."),
    "too_late_to_take_back": _l("It can be taken back for five minutes only. Ask the host to hide it."),
    "declare_first": _l("First say whether you have a conflict of interest with this idea."),
    "recused": _l("You do not score this idea because of a conflict of interest."),
    "scores_locked": _l("The scores are locked. Ask the host if something must be corrected."),
    "rule_frozen": _l("The rule of the result stands since the jury began to score, and changes no more."),
    "vote_not_open": _l("Voting is not open."),
    "vote_closed": _l("Voting has closed. The server's clock decides; this vote came too late and was not counted."),
    "vote_open": _l("The vote is open. Close it first by starting the next stage."),
    "vote_fixed": _l("The vote has been opened. What was fixed then changes no more."),
    "vote_over": _l("This vote is over. Only when two persons annul it does another one begin."),
    "not_sealed": _l("The result is not sealed yet."),
    "already_sealed": _l("The result is sealed. Nothing that was counted can change any more."),
    "not_revealed": _l("The result is shown after all places have been revealed in the hall."),
    "day_over": _l("This event has ended."),
    "decided": _l("The funding decision is recorded. The vote it rests on cannot be annulled any more."),
    "second_person": _l("Another person must confirm this: sign in as somebody else of the organisers."),
    "not_asked": _l("Nobody has asked to annul this vote, or it was taken back."),
    "not_found": _l("There is no such page. The address may be mistyped, or the thing was taken back."),
    "wrong_code": _l("There is no event with this code. Look at the big screen and type it again."),
    "wrong_slip": _l("The code is not valid. Check it against your slip, or go to the desk."),
    "wrong_link": _l("This link does not work any more. Ask the host for a new one."),
    "wrong_sign_in": _l("The name or the password is not right."),
    "throttled": _l("Too many tries. Wait a minute and try again."),
    "slow_down": _l("That was quick. Wait a moment and send it again."),
    "needs_a_reason": _l("Write a reason, so that the author knows why."),
    "changed_since": _l("Somebody changed this a moment ago. Look at both texts and decide again."),
    "author_stays": _l("You wrote this idea, so you are in its team. You can withdraw the idea instead."),
    "busy": _l("Too many people at the door just now. Nothing is lost: try again in a moment."),
    "no_key": _l("This form is incomplete. Load the page again and send it once more."),
    "sent_already": _l("This form was sent once already with other content, and that is stored. "
                       "To send this as well, press the button."),
    "done_already": _l("This was done a moment ago; the page that it made cannot be shown a second time. "
                       "Go back and see what is there."),
    "http_not_ticked": _l("The vote would open on a network where others can read along. Read the warning and tick it "
                          "first."),
    "list_full": _l("The list holds at most %(most)s names. Nothing was added."),
    "already_given": _l("This name has been given something already. If that was a mistake, take it back first."),
    "link_given": _l("A link was made for this name. It may have been sent, so it cannot be taken back here."),
    "no_such_name": _l("This name is not in the list any more. Search for it again."),
    "nobody_waits": _l("There is nobody to make a link for, and no link to withdraw."),
    "names_served": _l("Somebody on this list was given a slip, a paper or a link already. The list stays until the "
                       "vote is closed: without it the same people could be given a second one."),
    "links_used": _l("A link was used already. Nobody can tell whose, so none can be withdrawn any more."),
    "wrong_invitation": _l("This link is not valid. Open it again from your letter, or type its code."),
    "link_used": _l("This link was used already. Look for the slip that it gave you; if you never got one, "
                    "ask the organisers."),
    "link_early": _l("Voting has not opened yet. Your link stays good: open it again when the vote is open."),
    "classes_rehearsed": _l("Classes of residents are named before the first rehearsal. In this one the test slips and "
                            "the list of votes stand under the classes as they were."),
    "class_in_use": _l("Slips, links or names are of this class already, so it cannot be taken away."),
    "slip_voted": _l("This slip has voted. It cannot be made void: its vote counts, and nobody here may take it out. "
                     "Whoever holds the slip can still change the vote, where the vote allows that."),
    "void_too_late": _l("Voting has closed. No slip can be made void any more."),
    "ballot_too_long": _l("The ballot does not fit on a page. Shorten the titles, or print slips without it."),
    "no_more_slips": _l("Voting has closed. No more slips can be drawn."),
    "csrf": _l("This page was open for too long or in another window. Load it again and send it once more."),
    "too_large": _l("That is too much text at once. Shorten it and send it again."),
    "already_started": _l("Already started: somebody else pressed the button a moment ago."),
    "came_before": _l("Your earlier choice had arrived, although no answer came back, and it counts. "
                      "Press again if you want what is ticked now instead."),
    "changed_elsewhere": _l("This slip was used on another phone a moment ago. "
                            "Look at the choice below and decide again."),
    "needs_a_need": _l("A challenge grows from needs: tick at least one need."),
    "voted_already": _l("This slip has voted. In this vote a choice that was sent is not changed."),
    "age_unsaid": _l("Tick that you are at least %(age)s years old and may vote here. Then send again."),
    "cost_missing": _l("Here a sum of money is voted on, and these ideas have no cost yet: %(ideas)s. "
                       "Add their costs, or choose another way to vote."),
    "star_share": _l("With a star an idea can count double, so votes are no share of the ballots. "
                     "Change the rule of the result, or let people vote without a star."),
    "complaint_late": _l("The time for complaints about this vote has ended, or has not begun."),
    "complaints_full": _l("So many complaints were made about this vote that no more can be taken here. "
                          "Go to the organisers."),
    "least_too_many": _l("The ballot asks for more ideas than it can hold (%(most)s). Ask for fewer."),
    "no_rehearsal": _l("No rehearsal runs. Begin it first."),
    "no_such_class": _l("There is no such class of residents. Load the page again and choose once more."),
    "no_options": _l("There is no idea to vote on yet. Go back to the stage of ideas, or enter one yourself."),
    "serial_taken": _l("A ballot with this serial was entered already. Look at the list."),
    "entered_twice": _l("Two people have read this ballot already, and it waits to be settled."),
    "same_person": _l("You have read this one already. Another person must read it too, alone."),
    "unknown_slip": _l("This looks like the code of a slip, and no good slip of this vote has it. Read it once more."),
    "slip_by_phone": _l("This slip has already voted by phone, and that vote counts. Enter its paper as set aside."),
    "slip_not_by_phone": _l("No vote by phone stands for this one. Enter what the paper says."),
    "voted_on_paper": _l("This slip was used on paper, and that vote counts. It cannot vote by phone too."),
    "nothing_to_settle": _l("This is settled already, or was taken back."),
    "not_waiting": _l("This can no longer be taken back. Look at the list."),
    "count_done": _l("The count is done: no paper is taken any more."),
    "paper_waiting": _l("Ballots on paper wait for their second reader. Finish them on the page “Paper ballots”."),
    "paper_differs": _l("Ballots on paper were read in two ways. Settle them on the page “Paper ballots”."),
    "hands_waiting": _l("A show of hands waits for its second counter. Finish it on the page “Paper ballots”."),
    "hands_differ": _l("Two counts of raised hands differ. Settle them on the page “Paper ballots”."),
    "account_missing": _l("It is not written how many papers were issued in each place. "
                          "Do it on the page “Paper ballots”."),
    "account_spoiled": _l("Papers that were set aside are missing among the spoiled. "
                          "Mend it on the page “Paper ballots”."),
    "account_unexplained": _l("The papers of a place do not add up. Write why on the page “Paper ballots”."),
    "recheck_open": _l("Drawn ballots wait to be compared with their papers. Do it on the page “Paper ballots”."),
    "no_papers": _l("No ballot on paper counts yet, so there is none to compare."),
    "nothing_drawn": _l("Nothing is drawn, or it was compared already."),
    "hands_taken": _l("The hands of this place were counted already."),
    "no_show_of_hands": _l("In this vote hands cannot be counted."),
    "too_many_on_one": _l("No idea can have more hands than there are people who voted."),
    "too_many_hands": _l("These are more hands than so many people may raise."),
    "too_few_hands": _l("These are fewer hands than so many people must raise. Count only the people who voted."),
    "off_scale": _l("These points are not on the scale. Choose one of the numbers shown."),
    "already_shown": _l("Already shown: somebody else pressed the button a moment ago, or every place is shown."),
    "cannot_count": _l("This cannot be counted: there is no idea on the ballot, or a score does not fit the rubric."),
    "already_decided": _l("The decision is recorded already."),
    "not_decided": _l("First record which idea gets the money."),
    "unknown_idea": _l("Choose one of the ideas of this event."),
    "not_eligible": _l("This idea does not meet the conditions, so it cannot get the award."),
    "reason_needed": _l("Write down why: the body chooses another idea than the winner."),
    "over_envelope": _l("The award cannot be above the event's envelope."),
    "over_remainder": _l("The award cannot be above what the project has left."),
    "milestones_over_award": _l("The milestones together cannot be above the award."),
    "not_well": _l("Something in the words does not fit: %(sentence)s"),
    "internal": _l("Something went wrong on our side. It is written down. Go back and try again."),
    "method": _l("This address is not meant to be opened like this. Go back and use the button on the page."),
}


def sentence(code: str, **facts: Any) -> str:
    """The sentence for a code; facts fill its places."""
    words = SENTENCES.get(code)
    if words is None:
        return gettext("This cannot be done now.")
    return str(words) % facts if facts else str(words)
