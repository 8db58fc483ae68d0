from ipaddress import IPv4Network as Net
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zone.plan.address import AddressError, allocate, subnets

POOL = Net("10.64.0.0/14")
KEYS = [f"dev-team{number}" for number in range(40)]
PREFIXES = st.sampled_from([20, 21, 22, 23, 24])
WANTED = st.dictionaries(st.sampled_from(KEYS), PREFIXES, min_size=1, max_size=30)


def overlapping(blocks):
    return [pair for pair in combinations(blocks, 2) if pair[0].overlaps(pair[1])]


@pytest.mark.shows("S11")
@given(wanted=WANTED, order=st.randoms(use_true_random=False))
def test_the_order_in_which_accounts_are_read_is_no_matter(wanted, order):
    shuffled = list(wanted.items())
    order.shuffle(shuffled)

    assert allocate(POOL, {}, wanted) == allocate(POOL, {}, dict(shuffled))


@pytest.mark.shows("B7", "S11")
@given(steps=st.lists(st.tuples(st.sampled_from(KEYS), PREFIXES, st.booleans()), max_size=60))
def test_a_recorded_block_never_moves_whatever_comes_and_goes(steps):
    recorded, living = {}, {}
    for key, prefix, stays in steps:
        if stays:
            living[key] = recorded[key].prefixlen if key in recorded else prefix
        else:
            living.pop(key, None)
        before = dict(recorded)

        blocks = allocate(POOL, recorded, living)
        recorded |= blocks

        assert living.keys() == blocks.keys()
        assert before == {key: recorded[key] for key in before}
        assert living == {key: block.prefixlen for key, block in blocks.items()}
        assert all(block.subnet_of(POOL) for block in blocks.values())
        assert [] == overlapping(recorded.values())


# Nested and overlapping ones too; of any eight, room for thirty accounts is left.
ELSEWHERE = [Net("10.64.0.0/16"), *POOL.subnets(new_prefix=19), *POOL.subnets(new_prefix=23)]


@pytest.mark.shows("B7", "S11")
@given(wanted=WANTED, excluded=st.lists(st.sampled_from(ELSEWHERE), max_size=8))
def test_no_block_overlaps_a_network_in_use_elsewhere(wanted, excluded):
    blocks = allocate(POOL, {}, wanted, excluded=excluded)

    assert [] == [(block, other) for block in blocks.values() for other in excluded if block.overlaps(other)]


@given(prefixes=st.lists(PREFIXES, min_size=1, max_size=30))
def test_a_pool_is_used_to_its_last_address(prefixes):
    small = Net("10.0.0.0/18")
    size = sum(2 ** (32 - prefix) for prefix in prefixes)
    wanted = {f"team-{number}": prefix for number, prefix in enumerate(prefixes)}

    if size <= small.num_addresses:
        assert size == sum(block.num_addresses for block in allocate(small, {}, wanted).values())
    else:
        with pytest.raises(AddressError):
            allocate(small, {}, wanted)


def lowest_of_the_smallest(pool, taken, prefix):
    """The block that serves best, found the slow way."""
    free = [pool]
    for block in taken:
        free = [
            part for whole in free for part in (whole.address_exclude(block) if block.subnet_of(whole) else [whole])
        ]
    best = min((block for block in free if block.prefixlen <= prefix), key=lambda block: (-block.prefixlen, block))
    return next(best.subnets(new_prefix=prefix))


@given(wanted=st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from([25, 26, 27]), min_size=1), gone=st.data())
def test_an_account_takes_the_lowest_of_the_smallest_blocks_that_hold_it(wanted, gone):
    pool = Net("10.0.0.0/20")
    first = allocate(pool, {}, {f"old-{key}": 25 + number % 3 for number, key in enumerate("abcdefgh")})
    recorded = {key: block for key, block in first.items() if gone.draw(st.booleans())}
    expected = {}
    for key in sorted(wanted):
        expected[key] = lowest_of_the_smallest(pool, [*recorded.values(), *expected.values()], wanted[key])

    assert expected == allocate(pool, recorded, wanted)


def test_a_small_account_leaves_the_large_blocks_whole():
    recorded = {"a": Net("10.0.0.0/24"), "b": Net("10.0.16.0/20")}

    assert {"c": Net("10.0.1.0/24")} == allocate(Net("10.0.0.0/16"), recorded, {"c": 24})
    assert {"d": Net("10.0.128.0/17")} == allocate(Net("10.0.0.0/16"), recorded, {"d": 17})


def test_a_retired_account_keeps_its_block_from_being_given_again():
    assert {"new": Net("10.0.4.0/22")} == allocate(Net("10.0.0.0/16"), {"old": Net("10.0.0.0/22")}, {"new": 22})


def test_an_exhausted_pool_says_what_is_asked_and_what_is_free():
    with pytest.raises(AddressError) as error:
        allocate(Net("10.0.0.0/22"), {"a": Net("10.0.0.0/23"), "b": Net("10.0.2.0/24")}, {"dev-big": 22})

    assert "dev-big" == error.value.key
    assert "dev-big: a /22 (1024 addresses) is asked for" in str(error.value)
    assert "free: 1 × /24" in str(error.value)


def test_a_full_pool_says_that_nothing_is_free():
    with pytest.raises(AddressError, match="free: nothing"):
        allocate(Net("10.0.0.0/24"), {"a": Net("10.0.0.0/24")}, {"b": 24})


def test_a_recorded_account_that_asks_for_another_size_is_refused():
    with pytest.raises(AddressError, match=r"dev-a: a /20 is asked for, but 10\.0\.0\.0/22 is recorded.*ask for /22"):
        allocate(Net("10.0.0.0/16"), {"dev-a": Net("10.0.0.0/22")}, {"dev-a": 20})


def test_a_recorded_block_outside_a_changed_pool_stays_and_takes_nothing_from_it():
    recorded = {"a": Net("192.168.0.0/24")}

    assert {"a": Net("192.168.0.0/24"), "b": Net("10.0.0.0/24")} == allocate(
        Net("10.0.0.0/24"), recorded, {"a": 24, "b": 24}
    )


def test_two_thousand_accounts_are_placed_without_overlap():
    wanted = {f"team-{number}": 22 + number % 3 for number in range(2000)}

    blocks = sorted(allocate(Net("10.0.0.0/8"), {}, wanted).values())

    assert 2000 == len(blocks)
    assert all(left.broadcast_address < right.network_address for left, right in pairwise(blocks))


@given(prefix=st.integers(16, 24), zones=st.permutations("abcdef"), count=st.integers(1, 4))
def test_adding_a_zone_moves_no_address(prefix, zones, count):
    block = Net(("10.0.0.0", prefix))
    some, all_four = subnets(block, zones[:count]), subnets(block, zones[:4])

    assert zones[:count] == list(some)
    assert some == {zone: all_four[zone] for zone in some}
    assert block.num_addresses == sum(subnet.num_addresses for subnet in all_four.values())
    assert [] == overlapping(all_four.values())


@pytest.mark.parametrize("zones", ["aa", "abcde"])
def test_a_repeated_or_fifth_zone_is_refused(zones):
    with pytest.raises(ValueError, match="use up to 4 different letters"):
        subnets(Net("10.0.0.0/22"), zones)
