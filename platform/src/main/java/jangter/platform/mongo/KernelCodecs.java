package jangter.platform.mongo;

import jangter.coupon.api.Discount;
import jangter.kernel.Money;
import java.lang.reflect.RecordComponent;
import java.util.Currency;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.BsonWriter;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.configuration.CodecProvider;
import org.bson.codecs.configuration.CodecRegistry;
import org.jspecify.annotations.Nullable;

/**
 * How the shared value types look in a document: a record of one value as that value, money as {@code {amount, currency}}, a discount as
 * {@code {amount}} or {@code {percent, cap}}.
 */
final class KernelCodecs implements CodecProvider {

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable Codec<T> get(Class<T> type, CodecRegistry registry) {
        if (type == Money.class) {
            return (Codec<T>) new MoneyCodec();
        }
        if (Discount.class.isAssignableFrom(type)) {
            return (Codec<T>) new DiscountCodec(registry.get(Money.class));
        }
        if (type.isRecord() && type.getPackage() == Money.class.getPackage() && type.getRecordComponents().length == 1) {
            return new SingleValueCodec<>(type);
        }
        return null;
    }

    private static final class MoneyCodec implements Codec<Money> {

        @Override
        public void encode(BsonWriter writer, Money money, EncoderContext context) {
            writer.writeStartDocument();
            writer.writeInt64("amount", money.amount());
            writer.writeString("currency", money.currency().getCurrencyCode());
            writer.writeEndDocument();
        }

        @Override
        public Money decode(BsonReader reader, DecoderContext context) {
            reader.readStartDocument();
            long amount = reader.readInt64("amount");
            String currency = reader.readString("currency");
            reader.readEndDocument();
            return new Money(amount, Currency.getInstance(currency));
        }

        @Override
        public Class<Money> getEncoderClass() {
            return Money.class;
        }
    }

    private static final class DiscountCodec implements Codec<Discount> {

        private final Codec<Money> money;

        DiscountCodec(Codec<Money> money) {
            this.money = money;
        }

        @Override
        public void encode(BsonWriter writer, Discount discount, EncoderContext context) {
            writer.writeStartDocument();
            if (discount instanceof Discount.Percent percent) {
                writer.writeInt32("percent", percent.percent());
                writer.writeName("cap");
                money.encode(writer, percent.cap(), context);
            } else {
                writer.writeName("amount");
                money.encode(writer, discount.limit(), context);
            }
            writer.writeEndDocument();
        }

        @Override
        public Discount decode(BsonReader reader, DecoderContext context) {
            reader.readStartDocument();
            Discount discount;
            if (reader.readName().equals("percent")) {
                int percent = reader.readInt32();
                reader.readName("cap");
                discount = new Discount.Percent(percent, money.decode(reader, context));
            } else {
                discount = new Discount.Fixed(money.decode(reader, context));
            }
            reader.readEndDocument();
            return discount;
        }

        @Override
        public Class<Discount> getEncoderClass() {
            return Discount.class;
        }
    }

    private static final class SingleValueCodec<T> implements Codec<T> {

        private final Class<T> type;
        private final RecordComponent component;

        SingleValueCodec(Class<T> type) {
            this.type = type;
            this.component = type.getRecordComponents()[0];
        }

        @Override
        public void encode(BsonWriter writer, T value, EncoderContext context) {
            Object single = valueOf(value);
            if (single instanceof Integer number) {
                writer.writeInt32(number);
            } else {
                writer.writeString(single.toString());
            }
        }

        @Override
        public T decode(BsonReader reader, DecoderContext context) {
            Object single = reader.getCurrentBsonType() == BsonType.INT32 ? (Object) reader.readInt32() : reader.readString();
            try {
                return type.getDeclaredConstructor(component.getType()).newInstance(single);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("A document holds no valid " + type.getSimpleName(), e);
            }
        }

        @Override
        public Class<T> getEncoderClass() {
            return type;
        }

        private Object valueOf(T value) {
            try {
                return component.getAccessor().invoke(value);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Cannot read a " + type.getSimpleName(), e);
            }
        }
    }
}
