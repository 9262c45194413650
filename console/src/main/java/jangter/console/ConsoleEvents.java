package jangter.console;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.platform.http.PageRequest;
import jangter.platform.http.Staff;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The store of events. */
@RestController
@RequestMapping("/console/api/events")
@Tag(name = "Console")
class ConsoleEvents {

    private final EventBrowser events;

    ConsoleEvents(EventBrowser events) {
        this.events = events;
    }

    @GetMapping
    @Operation(summary = "Events, newest first: all, or an aggregate's, of a type, from an instant to before another, with a text")
    Mono<EventPage> page(Staff staff, PageRequest request, @RequestParam(required = false) @Nullable String aggregate,
            @RequestParam(required = false) @Nullable String type, @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to, @RequestParam(required = false) @Nullable String text) {
        EventFilter filter = EventFilter.of(aggregate, type, from, to, text);
        return Mono.fromCallable(() -> events.page(filter, request.size(), request.cursor())).subscribeOn(Schedulers.boundedElastic());
    }
}
