"""DingTalk's own SDK (PyPI alibabacloud-dingtalk) against the simulator: `dingtalk.py HOST:PORT`.

Nobody here wrote the client. What it can't parse, or refuses to send, the simulator does not speak. Prints one JSON
document; any surprise is an exception.
"""

import json
import sys

from alibabacloud_dingtalk.exclusive_1_0 import models as exclusive
from alibabacloud_dingtalk.exclusive_1_0.client import Client as Exclusive
from alibabacloud_dingtalk.group_blackboard_1_0 import models as board
from alibabacloud_dingtalk.group_blackboard_1_0.client import Client as Board
from alibabacloud_dingtalk.im_1_0 import models as im
from alibabacloud_dingtalk.im_1_0.client import Client as Im
from alibabacloud_dingtalk.oauth2_1_0 import models as oauth2
from alibabacloud_dingtalk.oauth2_1_0.client import Client as OAuth2
from alibabacloud_dingtalk.robot_1_0 import models as robot
from alibabacloud_dingtalk.robot_1_0.client import Client as Robot
from alibabacloud_tea_openapi import models as openapi
from alibabacloud_tea_util.models import RuntimeOptions

KEY, SECRET, OPERATOR, ROBOT = "dingtalk-owner", "dingtalk-owner-secret", "u-owner", "dingl-1"
BUSY, PLAIN = "dt-1", "dt-2"


def refusal(call):
    """The code with which the platform refuses; a call that is not refused is a failure."""
    try:
        call()
    except Exception as error:  # the SDK's own type differs between its versions
        return error.code
    raise AssertionError("it was not refused")


def main(address):
    config = openapi.Config(protocol="http", region_id="central", endpoint=address)
    run = RuntimeOptions()
    said = {}

    oauth = OAuth2(config)
    wrong = oauth2.GetAccessTokenRequest(app_key=KEY, app_secret="no")
    said["wrong_secret"] = refusal(lambda: oauth.get_access_token(wrong))
    token = oauth.get_access_token(oauth2.GetAccessTokenRequest(app_key=KEY, app_secret=SECRET)).body
    said["expires"] = token.expire_in

    def headers(kind):
        return kind(x_acs_dingtalk_access_token=token.access_token)

    groups, robots = Im(config), Robot(config)

    def scene(group):
        asked = im.GetSceneGroupInfoRequest(open_conversation_id=group)
        return groups.get_scene_group_info_with_options(asked, headers(im.GetSceneGroupInfoHeaders), run).body

    def send(group):
        asked = robot.OrgGroupSendRequest(
            open_conversation_id=group,
            robot_code=ROBOT,
            msg_key="sampleText",
            msg_param=json.dumps({"content": "hello"}),
        )
        return robots.org_group_send_with_options(asked, headers(robot.OrgGroupSendHeaders), run).body

    def disband(group):
        asked = im.DsbandOpenSceneGroupRequest(open_conversation_id=group)
        return groups.dsband_open_scene_group_with_options(
            asked, headers(im.DsbandOpenSceneGroupHeaders), run
        ).body

    asked = im.CreateSceneGroupRequest(
        title="SDK",
        template_id="sim-template",
        owner_user_id="u-owner",
        user_ids=["u-a", "u-b"],
        uuid="u-1",
    )
    made = groups.create_scene_group_with_options(asked, headers(im.CreateSceneGroupHeaders), run).body
    said["made"] = scene(made.open_conversation_id).title

    asked = im.BatchQueryGroupMemberRequest(open_conversation_id=made.open_conversation_id, max_results=2)
    page = groups.batch_query_group_member_with_options(asked, headers(im.BatchQueryGroupMemberHeaders), run)
    said["members"], said["more"] = page.body.member_user_ids, page.body.has_more

    asked = im.UpdateSceneGroupRequest(open_conversation_id=BUSY, owner_user_id="u-a")
    groups.update_scene_group_with_options(asked, headers(im.UpdateSceneGroupHeaders), run)
    said["owner"] = scene(BUSY).owner_user_id

    asked = robot.GetBotListInGroupRequest(open_conversation_id=BUSY)
    found = robots.get_bot_list_in_group_with_options(asked, headers(robot.GetBotListInGroupHeaders), run)
    said["robots"] = [bot.robot_code for bot in found.body.chatbot_instance_volist]
    said["sent"] = bool(send(BUSY).process_query_key)

    boards = Board(config)
    asked = board.CreateGroupBlackboardNewRequest(
        open_conversation_id=BUSY, user_id=OPERATOR, content="ends on Friday", unique_id="u-2", sticky=True
    )
    posted = boards.create_group_blackboard_new_with_options(
        asked, headers(board.CreateGroupBlackboardNewHeaders), run
    ).body
    asked = board.GetGroupBlackboardRequest(open_conversation_id=BUSY, user_id=OPERATOR, data_id=posted.data_id)
    read = boards.get_group_blackboard_with_options(asked, headers(board.GetGroupBlackboardHeaders), run)
    said["notice"] = read.body.result.content

    said["ordinary"] = refusal(lambda: disband(PLAIN))
    said["before"] = scene(BUSY).status
    said["disbanded"] = disband(BUSY).success
    said["after"] = scene(BUSY).status
    said["robot_after"] = refusal(lambda: send(BUSY))
    said["again"] = refusal(lambda: disband(BUSY))

    asked = exclusive.SearchOrgInnerGroupInfoRequest(
        operator_user_id=OPERATOR, uuid="u-3", page_start=1, page_size=100
    )
    rows = Exclusive(config).search_org_inner_group_info_with_options(
        asked, headers(exclusive.SearchOrgInnerGroupInfoHeaders), run
    )
    rows = {row.open_conversation_id: row.status for row in rows.body.items}
    said["inventory"] = [rows[BUSY], rows[PLAIN]]

    print(json.dumps(said))


main(sys.argv[1])
