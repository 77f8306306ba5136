"""The SimPy processes of lesson 1, to be read by students (`show(meetings)`). 第1课的SimPy进程，供学生阅读。"""

from __future__ import annotations

import simpy


class Board:
    """A notice board: whoever waits for the next meeting waits for its event. 公告牌：等下次会议的人都在等这个事件。"""

    def __init__(self, env):
        self.next_meeting = env.event()


def meetings(env, board, gaps, held):
    """The committee: let a gap pass, meet, put up a new event. 药事会：间隔一段时间，开会，再贴出新的事件。"""
    for gap in gaps:
        yield env.timeout(gap)
        held.append(env.now)
        board.next_meeting.succeed()
        board.next_meeting = env.event()


def request(env, board, day, waits):
    """A drug that a department asks for on `day`: it waits for the next meeting. 某天有科室申请的药品：等到下次会议。"""
    yield env.timeout(day)
    yield board.next_meeting
    waits.append(env.now - day)


def run_committee(gaps, days):
    """One history: (days of meetings, wait of each drug in days). 一次历史：（各次会议日，各药品等待天数）。"""
    env = simpy.Environment()
    board, held, waits = Board(env), [], []
    env.process(meetings(env, board, gaps, held))
    for day in days:
        env.process(request(env, board, day, waits))
    env.run()
    return held, waits
