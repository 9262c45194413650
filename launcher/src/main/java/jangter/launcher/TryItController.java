package jangter.launcher;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.kernel.Refusal;
import jangter.kernel.RefusedException;
import jangter.kernel.Require;
import jangter.launcher.Stage.Scenario;
import jangter.launcher.Stage.Shown;
import jangter.platform.http.Staff;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The door to the stage. */
@RestController
@RequestMapping("/console/api/try")
@Tag(name = "Console")
class TryItController {

    private static final int MOST_ORDERS = 500;

    private final Stage stage;

    TryItController(Stage stage) {
        this.stage = stage;
    }

    /**
     * What is to be played.
     *
     * @param orders how many, of a burst
     */
    record Wish(String scenario, @Nullable Integer orders) {
    }

    @GetMapping
    @Operation(summary = "What was played last, and how it goes")
    Mono<List<Shown>> played(Staff staff) {
        return Mono.fromSupplier(stage::played);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Play a scenario")
    Mono<Shown> play(Staff staff, @RequestBody Wish wish) {
        Scenario scenario = Scenario.named(Require.present("scenario", wish.scenario()));
        int orders = scenario == Scenario.BURST ? Require.present("orders", wish.orders()) : 1;
        Require.between("orders", orders, 1, MOST_ORDERS);
        return Mono.fromSupplier(() -> stage.play(scenario, orders).orElseThrow(() -> new RefusedException(
                new Refusal("stage-is-full", Refusal.Kind.CONFLICT, "Enough is being played right now. Watch that first."))));
    }
}
