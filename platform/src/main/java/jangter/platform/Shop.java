package jangter.platform;

import jangter.kernel.Money;
import java.util.Currency;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What holds for the whole shop.
 *
 * @param currency the only one that it trades in ({@code jangter.currency}): wallets are charged and products priced in it
 */
@ConfigurationProperties("jangter")
public record Shop(@DefaultValue("KRW") Currency currency) {

    public boolean tradesIn(Money money) {
        return currency.equals(money.currency());
    }
}
