using System.Net;
using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.AspNetCore.Tests;

public sealed class RequestEventTests
{
    private readonly SimulatedTime _time = new();
    private readonly List<string> _seen = [];
    private AfterHandleRequest? _after;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // A17: duration, status
    public async Task Listeners_hear_of_a_request_before_and_after_it_was_handled_with_its_duration_and_status()
    {
        await using var site = await Site.StartAsync(
            carillon => carillon
                .UseSimulatedTime(_time)
                .Listen<BeforeHandleRequest>(e => _seen.Add($"before {e.HttpContext.Request.Path}"))
                .Listen<AfterHandleRequest>(e => _seen.Add($"after {e.HttpContext.Request.Path}: {e.StatusCode} in {e.Duration.TotalSeconds} s")),
            application => application.MapGet("/slow", () =>
            {
                _seen.Add("handled");
                _time.Advance(TimeSpan.FromSeconds(3));
                return Results.StatusCode(StatusCodes.Status202Accepted);
            }));

        (await site.Client.GetAsync("/slow", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        _seen.ShouldBe(["before /slow", "handled", "after /slow: 202 in 3 s"]);
    }

    [Fact]
    public async Task A_durable_listener_of_a_request_is_told_to_be_inline_and_nothing_of_JSON()
    {
        var refused = await Should.ThrowAsync<CarillonConfigurationException>(() => Site.StartAsync(carillon => carillon
            .UseInMemory()
            .Listen<BeforeHandleRequest>(_ => { }, options => (options.Delivery, options.Id) = (Delivery.Durable, "late"))));

        refused.Problems.ShouldBe(
        [
            "The listener 'late' of 'Carillon.AspNetCore.BeforeHandleRequest' is durable, but 'request.handle.before' carries what lives in this process only, and cannot be stored. "
            + "Make the listener inline, and dispatch an event of your own from it for a durable one.",
        ]);
    }

    [Fact]
    public async Task Events_put_into_the_pipeline_twice_are_dispatched_once()
    {
        await using var site = await Site.StartAsync(
            carillon => carillon.Listen<BeforeHandleRequest>(_ => _seen.Add("before")).Listen<AfterHandleRequest>(_ => _seen.Add("after")),
            application => application.UseRequestEvents());

        await site.Client.GetAsync("/hello", Cancellation);

        _seen.ShouldBe(["before", "after"]);
    }

    [Theory] // A17: the request that failed is heard of, with its exception, which nobody swallows
    [InlineData("/broken", typeof(FormatException), 500)]
    [InlineData("/bad", typeof(BadHttpRequestException), 413)]
    public async Task A_request_that_fails_is_heard_of_with_its_exception_which_goes_its_way(string path, Type exception, int status)
    {
        await using var site = await Site.StartAsync(Keep);

        (await Should.ThrowAsync<Exception>(() => site.Client.GetAsync(path, Cancellation))).ShouldBeOfType(exception);

        var after = _after.ShouldNotBeNull();
        after.Exception.ShouldBeOfType(exception);
        after.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task An_exception_of_which_a_handler_has_made_a_response_is_heard_of_too()
    {
        await using var site = await Site.StartAsync(Keep, application => application.UseExceptionHandler(handler => handler.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        })));

        (await site.Client.GetAsync("/broken", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        var after = _after.ShouldNotBeNull();
        after.Exception.ShouldBeOfType<FormatException>();
        after.StatusCode.ShouldBe(503);
    }

    [Fact] // A17: change
    public async Task A_listener_may_change_the_request_before_the_application_sees_it()
    {
        await using var site = await Site.StartAsync(carillon => carillon.Listen<BeforeHandleRequest>(e =>
        {
            e.HttpContext.Request.Path = "/hello";
            e.HttpContext.Request.Headers["Name"] = "listener";
        }));

        (await site.Client.GetStringAsync("/elsewhere", Cancellation)).ShouldBe("hello listener");
    }

    [Fact] // A17: answer
    public async Task A_listener_may_answer_the_request_itself_and_nobody_after_it_sees_it()
    {
        await using var site = await Site.StartAsync(
            carillon => Keep(carillon
                .Listen<BeforeHandleRequest>(e => e.Answer(StatusCodes.Status418ImATeapot), options => options.Priority = 1)
                .Listen<BeforeHandleRequest>(_ => _seen.Add("another listener"))),
            application => application.Use(next => context =>
            {
                _seen.Add("the application");
                return next(context);
            }));

        (await site.Client.GetAsync("/hello", Cancellation)).StatusCode.ShouldBe((HttpStatusCode)418);

        _seen.ShouldBeEmpty();
        var after = _after.ShouldNotBeNull();
        (after.StatusCode, after.WasAnsweredBefore, after.Exception).ShouldBe((418, true, null));
    }

    [Fact] // A17: answer
    public async Task A_response_that_a_listener_has_begun_is_an_answer()
    {
        await using var site = await Site.StartAsync(carillon => carillon.Listen<BeforeHandleRequest>(
            async (e, ct) => await e.HttpContext.Response.WriteAsync("from the listener", ct)));

        (await site.Client.GetStringAsync("/hello", Cancellation)).ShouldBe("from the listener");
    }

    [Fact] // A17: hand a context on
    public async Task What_a_listener_hands_on_reaches_the_listeners_after_the_request_and_no_other_request()
    {
        await using var site = await Site.StartAsync(carillon => Keep(carillon.Listen<BeforeHandleRequest>(e =>
        {
            if (e.HttpContext.Request.Path == "/hello")
            {
                e.Items["tenant"] = "north";
            }
        })));

        await site.Client.GetAsync("/hello", Cancellation);
        _after.ShouldNotBeNull().Items["tenant"].ShouldBe("north");
        await site.Client.GetAsync("/nowhere", Cancellation);
        _after.ShouldNotBeNull().Items.ShouldBeEmpty();
        _after.StatusCode.ShouldBe(404);
    }

    [Fact]
    public async Task Generated_listeners_get_their_services_from_the_scope_of_the_request()
    {
        await using var site = await Site.StartAsync(
            carillon => carillon.AddListeners(),
            application => application.MapGet("/trail", (RequestTrail trail) => string.Join(", ", trail.Steps)),
            services => services.AddSingleton(_seen).AddScoped<RequestTrail>());

        (await site.Client.GetStringAsync("/trail", Cancellation)).ShouldBe("before");
        (await site.Client.GetStringAsync("/trail", Cancellation)).ShouldBe("before");

        _seen.ShouldBe(["before, after", "before, after"]);
    }

    [Fact]
    public async Task An_exception_of_a_listener_before_the_request_fails_the_request()
    {
        await using var site = await Site.StartAsync(carillon => Keep(carillon
            .Listen<BeforeHandleRequest>(new Action<BeforeHandleRequest>(_ => throw new FormatException()))));

        await Should.ThrowAsync<FormatException>(() => site.Client.GetAsync("/hello", Cancellation));

        _after.ShouldNotBeNull().Exception.ShouldBeOfType<FormatException>();
    }

    [Theory]
    [InlineData("/hello", null)]
    [InlineData("/broken", typeof(FormatException))]
    public async Task An_exception_of_a_listener_after_the_request_is_logged_and_replaces_neither_response_nor_exception(string path, Type? exception)
    {
        await using var site = await Site.StartAsync(carillon => carillon
            .Listen<AfterHandleRequest>(new Action<AfterHandleRequest>(_ => throw new NotSupportedException())));

        if (exception is null)
        {
            (await site.Client.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        else
        {
            (await Should.ThrowAsync<Exception>(() => site.Client.GetAsync(path, Cancellation))).ShouldBeOfType(exception);
        }

        site.Log.Entries.ShouldContain(entry => entry.Id == 500 && entry.Message.Contains(path) && entry.Exception is NotSupportedException);
    }

    [Fact]
    public async Task A_listener_that_comes_while_the_site_runs_hears_requests_from_then_on_and_none_when_it_is_gone()
    {
        await using var site = await Site.StartAsync(_ => { });
        await site.Client.GetAsync("/hello", Cancellation);
        using (site.Services.GetRequiredService<IListenerRegistry>().Listen<AfterHandleRequest>(e => _seen.Add($"{e.StatusCode}")))
        {
            await site.Client.GetAsync("/hello", Cancellation);
        }

        await site.Client.GetAsync("/hello", Cancellation);

        _seen.ShouldBe(["200"]);
    }

    [Fact]
    public void Without_AddCarillon_the_pipeline_says_what_is_missing()
    {
        var application = WebApplication.CreateSlimBuilder().Build();

        Should.Throw<InvalidOperationException>(() => application.UseRequestEvents()).Message.ShouldContain("AddCarillon");
    }

    private void Keep(CarillonBuilder carillon) => carillon.Listen<AfterHandleRequest>(e => _after = e);
}
