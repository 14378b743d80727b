-- uses: ties
-- The strength of every tie between a person of theirs and a person of ours.
select
    account_id,
    contact_id,
    seller as owner_id,
    cast(engagement as double) as engagement,
    n_touches,
    last_date,
    is_two_way = 1 as is_two_way
from ties
order by account_id, contact_id, owner_id
