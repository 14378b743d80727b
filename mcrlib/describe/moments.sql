-- uses: holders
-- When a relationship is looked at: at every hand-over, with who held it until then, and at $as_of with its holder.
select
    account_id,
    owner_id,
    coalesce(valid_to, cast($as_of as date)) as moment,
    case when valid_to is null then 1 else 0 end as is_now
from holders
where owner_id is not null
