package jangter.platform.http;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import java.math.BigDecimal;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.core.MethodParameter;
import org.springframework.web.method.HandlerMethod;

/** Tells on the OpenAPI page what a request may carry for the arguments that handlers take by type. */
final class ArgumentsByType implements OperationCustomizer {

    @Override
    public Operation customize(Operation operation, HandlerMethod handler) {
        for (MethodParameter parameter : handler.getMethodParameters()) {
            if (parameter.getParameterType() == Attempt.class) {
                operation.addParametersItem(new HeaderParameter().name(Arguments.KEY).schema(new StringSchema().maxLength(255))
                        .description("The same key and body give the same answer and have one effect. Best a UUID of version 7, which tells when it was made."));
            }
            if (parameter.getParameterType() == PageRequest.class) {
                operation.addParametersItem(new QueryParameter().name("size").schema(new IntegerSchema()
                        .minimum(BigDecimal.ONE).maximum(BigDecimal.valueOf(PageRequest.MOST))._default(PageRequest.USUAL)));
                operation.addParametersItem(new QueryParameter().name("cursor").schema(new StringSchema())
                        .description("What the page before told as next; left out for the first page."));
            }
        }
        return operation;
    }
}
