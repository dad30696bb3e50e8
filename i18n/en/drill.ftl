## A drill in the console

drill-label = DRILL: nothing here reaches a real platform
drill-clock = Virtual clock: { $time }
drill-next = To what is next
drill-hour = + 1 hour
drill-day = + 24 hours
drill-switch = Be somebody else
drill-password = Everybody's password: { $password }
drill-people = The people of the drill
drill-as = { $name } · { $role }
drill-guide = The end of a group, in six steps
drill-choose = Choose a group, as the requester.
drill-draw = Draw a plan: it says what will happen, what can be taken back and what can't.
drill-review = Hand it over, and approve it as two others. Nobody reviews their own.
drill-apply = Apply the plan, as the requester.
drill-steer = Let the clock go on, for 72 hours after the end. What a person has to do in an app, a scripted one does when time passes.
drill-verify = Verify the bundle, in a terminal, without this console:
demo-serve-listening = DRILL with seed { $seed }: the console on { $address }, over simulated platforms and a virtual clock that goes on when somebody lets it.
demo-serve-api = The API: { $address }/api/openapi.json, with a token of { $name } that protects nothing: { $token }
demo-serve-password = Everybody's password in this drill, which protects nothing: { $password }
demo-serve-person = { "  " }{ $name } ({ $role })
