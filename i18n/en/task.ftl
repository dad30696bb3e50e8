# Task links: the page that an owner opens, the list of links, reminders.

task-title = Groups to end
task-hello = { $name }, these are your groups, and what is to do with each. You need no account: this page is for you alone.
task-progress = { $n_done } of { $n_all } steps done
task-until = This page opens until { $time }.
task-deadline = Please by { $time }
task-private = Whoever has the link can open this page. Don't pass it on.
task-step-open = Open the app and go to the group “{ $name }”. Check that it is the right one.
task-step-path = Go: { $path }
task-step-shot = Take a screenshot that shows the result.
task-step-upload = Hand it in below.
task-files = Screenshot or export
task-typed-name = The group's name, as you typed it in the app
task-qr-scanned = I scanned the QR code
task-phone-confirmed = I confirmed by phone
task-approved-by = Who approved it on the platform
task-done = Done
task-cant = I can't do this
task-reason = Why? (button missing, not the owner any more, phone lost …)
task-cant-send = Say that it can't be done
task-refused = That did not work
task-back = Back to your groups

word-task-open = to do
word-task-overdue = late
word-task-cant = can't be done
word-task-later = not yet
word-task-said = handed in; being checked
word-task-done = done
word-task-over = over

## Command line

task-links-written = { $count ->
        [one] A link for one owner; it opens until { $time }.
       *[other] Links for { $count } owners; they open until { $time }.
    }
task-file-written = Written: { $path }. Whoever has it can answer for the owners: hand each one only the own link.
task-owner-line = { $name } ({ $contact }): { $states }
task-owner-due = reminder due
task-owner-no-link = has no link yet
task-nobody-head = { $count ->
        [one] One step has nobody who can be reached:
       *[other] { $count } steps have nobody who can be reached:
    }
task-nobody-line = { $group }: { $step } ({ $why })
task-none = This case has no human steps.
task-reminded = { $count ->
        [0] Nobody is due a reminder.
        [one] Reminder recorded for one owner.
       *[other] Reminders recorded for { $count } owners.
    }
word-no-contact-unregistered = no ledger names the group
word-no-contact-no-contact = the ledger has no contact of its owner

## The printed list of links

task-sheet-title = Task links of case { $case }
task-sheet-cut = Cut along the lines and hand each owner only the own piece.
task-sheet-scan = Scan, or type the address:
task-sheet-groups = { $count ->
        [one] One group
       *[other] { $count } groups
    }
task-csv-owner = owner
task-csv-contact = contact
task-csv-groups = groups
task-csv-open = open steps
task-csv-link = link
task-csv-until = opens until

## Events

word-event-registered = registered
word-event-tasks-issued = task links made
word-event-reminded = owners reminded

## Errors

error-task-link = This link is not valid.
    .hint = Open the link exactly as you got it, or scan the code again. If it still does not open, ask whoever sent it.
error-task-expired = This link ended on { $time }.
    .hint = Ask whoever sent it for a new one. Nothing that you handed in is lost.
error-task-replaced = This link was replaced by a newer one.
    .hint = Use the newest link that you got, or ask whoever sent it.
error-task-settled = This step does not wait for you now.
    .hint = Go back and look at where it stands; what was handed in before counts.
error-task-size = { $limit ->
        [none] The files are too large.
       *[other] The files are too large; each may have { $limit } MB.
    }
    .hint = Hand in screenshots instead of videos, or fewer at a time.
error-task-form = What was sent could not be read.
    .hint = Go back, choose the files again and send once more.
error-task-nobody = Case { $case } has no human steps with an owner who can be reached.
    .hint = Register the groups with their owners' contacts: `adjourn register --ledger FILE`. `adjourn task ls { $case }` shows who is missing.
error-task-url = { $url } can't be the start of links.
    .hint = Give the address under which owners reach `adjourn serve`, such as https://adjourn.example.org, without ? and #.
