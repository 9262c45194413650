package jangter.axonserver.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Lets a call in if it brings the access token, where there is one, and asks for the one context that there is. */
final class Access implements ServerInterceptor {

    static final String CONTEXT = "default";
    /** The connector's administrative calls come with this context. */
    private static final String ADMIN_CONTEXT = "_admin";
    private static final Metadata.Key<String> CONTEXT_HEADER = Metadata.Key.of("AxonIQ-Context", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TOKEN_HEADER = Metadata.Key.of("AxonIQ-Access-Token", Metadata.ASCII_STRING_MARSHALLER);

    private final byte @Nullable [] token;

    Access(@Nullable String token) {
        this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (token != null) {
            String brought = headers.get(TOKEN_HEADER);
            if (brought == null) {
                return refuse(call, Status.UNAUTHENTICATED, "AXONIQ-1000", "No access token; set axon.axonserver.token");
            }
            if (!MessageDigest.isEqual(token, brought.getBytes(StandardCharsets.UTF_8))) {
                return refuse(call, Status.PERMISSION_DENIED, "AXONIQ-1001", "Invalid access token");
            }
        }
        String context = headers.get(CONTEXT_HEADER);
        if (context != null && !context.isEmpty() && !context.equals(CONTEXT) && !context.equals(ADMIN_CONTEXT)) {
            return refuse(call, Status.NOT_FOUND, "AXONIQ-1302",
                    "Context %s not found; this development server has the context %s only".formatted(context, CONTEXT));
        }
        return next.startCall(call, headers);
    }

    private static <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, Status status, String code, String text) {
        call.close(Refusal.status(status, code, text), Refusal.trailers(code));
        return new ServerCall.Listener<>() {
        };
    }
}
