package jangter.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** A coupon campaign. Written {@code campaign-…}. */
public record CampaignId(@JsonValue String value) {

    private static final String PREFIX = "campaign-";

    public CampaignId {
        Identifiers.check(PREFIX, value);
    }

    public static CampaignId of(UUID uuid) {
        return new CampaignId(PREFIX + uuid);
    }

    @Override
    public String toString() {
        return value;
    }
}
