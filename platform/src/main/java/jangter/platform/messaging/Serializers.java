package jangter.platform.messaging;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import org.axonframework.serialization.AnnotationRevisionResolver;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.serialization.jackson3.Jackson3SerializerCustomizer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/** How messages, snapshots, sagas and tokens become JSON: the one place, for production and tests alike. */
public final class Serializers {

    private Serializers() {
    }

    /**
     * What our JSON needs beyond Axon's own settings.
     *
     * <p>Fields count, whatever their visibility: a saga or an aggregate with private fields would be stored as {@code {}} and come back
     * empty. Final fields are set too, else a final map in an aggregate would come back empty from its snapshot. Stored types are Axon's
     * and ours alone: without saying so a tracking token cannot be read back. Unknown fields are passed over, so that an older version
     * reads what a newer one wrote.
     */
    public static Jackson3SerializerCustomizer customizer() {
        return Serializers::customize;
    }

    /** A serializer as production has it. */
    public static Serializer json() {
        return Jackson3Serializer.builder().revisionResolver(new AnnotationRevisionResolver()).jsonMapperBuilderCustomizer(customizer()).build();
    }

    private static void customize(JsonMapper.Builder mapper) {
        mapper.changeDefaultVisibility(visibility -> visibility.withVisibility(PropertyAccessor.ALL, Visibility.NONE)
                .withVisibility(PropertyAccessor.FIELD, Visibility.ANY).withVisibility(PropertyAccessor.CREATOR, Visibility.ANY));
        mapper.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS);
        mapper.polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder().allowIfSubType("org.axonframework.")
                .allowIfSubType("jangter.").allowIfSubType("java.util.").allowIfSubType("java.time.").build());
        mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        mapper.disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
        mapper.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE);
    }
}
