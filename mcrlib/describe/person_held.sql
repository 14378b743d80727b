-- uses: meetings
-- How much of each relationship its holder held alone at each moment: the share of the people of theirs in touch who met
-- nobody else of ours, by number of touches (three are as good as more).
select
    account_id,
    owner_id,
    moment,
    is_now = 1 as is_now,
    cast(count(*) as bigint) as n_contacts,
    cast(sum(n_touches) as bigint) as n_touches,
    cast(sum(is_exclusive) as bigint) as n_exclusive,
    cast(sum(is_exclusive * seen) as double) / nullif(cast(sum(seen) as double), 0) as held
from (
    select meetings.*, least(meetings.n_touches, 3) as seen
    from meetings
    where meetings.contact_id is not null
) as weighed
group by account_id, owner_id, moment, is_now
order by account_id, moment, owner_id
