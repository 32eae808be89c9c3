from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from components.video_decoding.times import rising_times

RATE = Fraction(25)


@given(st.lists(st.none() | st.integers(-1000, 1000).map(lambda value: value / 25), min_size=1, max_size=60))
def test_times_rise_whatever_the_packets_say(times):
    risen = rising_times(times, RATE)
    assert len(risen) == len(times)
    assert (np.diff(risen) > 0).all()


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60, unique=True).map(sorted))
def test_times_that_rise_are_kept(times):
    np.testing.assert_array_equal(rising_times([float(time) for time in times], RATE), times)


def test_times_that_were_given_in_the_order_of_decoding_are_dealt_out_anew():
    # Presented as I B B P, decoded as I P B B.
    guessed = [0, 2, 3, 1, 5, 6, 4, 8, 9, 7]
    np.testing.assert_allclose(rising_times([time / 25 for time in guessed], RATE), np.arange(10) / 25)


def test_a_recording_that_was_joined_on_follows_the_one_before():
    first, second = np.arange(100) / 25, 1.5 + np.arange(50) / 10
    risen = rising_times([*first, *second], RATE)
    np.testing.assert_allclose(risen[:100], first)
    np.testing.assert_allclose(np.diff(risen[100:]), 0.1)
    assert 0 < risen[100] - risen[99] <= 0.1


def test_frames_without_a_time_follow_at_the_rate_of_the_container():
    np.testing.assert_allclose(rising_times([None] * 5, Fraction(50)), np.arange(5) / 50)
    np.testing.assert_allclose(rising_times([None] * 5, None), np.arange(5) / 25)
