using System.Text;
using Carillon.Envelopes;
using Carillon.EventSourcing;

namespace Carillon.Conformance.EventSourcing;

/// <summary>What is appended comes back, to streams that are what they have to be.</summary>
public abstract class AppendingTests<TStreams> : StreamStoreTests<TStreams>
    where TStreams : TestStreams, new()
{
    [Fact]
    public async Task What_was_appended_comes_back_with_all_its_headers()
    {
        var given = new NewEvent
        {
            Envelope = new Envelope
            {
                Id = Guid.CreateVersion7(Now),
                EventName = "poll.created",
                EventVersion = 3,
                Time = Now.AddTicks(7),
                CorrelationId = "what belongs together",
                CausationId = Guid.CreateVersion7(Now),
                TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                TraceState = "vendor=1",
                Payload = "{\"title\":\"Überraschung\"}"u8.ToArray(),
            },
            Who = "ada",
            Metadata = """{"tenant":"north"}""",
        };

        var result = await AppendAsync("poll-1", ExpectedVersion.NoStream, given);

        var stored = (await ReadAsync("poll-1")).ShouldHaveSingleItem();
        result.ShouldBe(new AppendResult(1, stored.Position));
        stored.Stream.ShouldBe("poll-1");
        stored.Version.ShouldBe(1);
        stored.Who.ShouldBe("ada");
        stored.Metadata.ShouldBe("""{"tenant":"north"}""");
        stored.Envelope.Id.ShouldBe(given.Envelope.Id);
        stored.Envelope.EventName.ShouldBe("poll.created");
        stored.Envelope.EventVersion.ShouldBe(3);
        stored.Envelope.Time.ShouldBe(given.Envelope.Time);
        stored.Envelope.CorrelationId.ShouldBe("what belongs together");
        stored.Envelope.CausationId.ShouldBe(given.Envelope.CausationId);
        stored.Envelope.TraceParent.ShouldBe(given.Envelope.TraceParent);
        stored.Envelope.TraceState.ShouldBe("vendor=1");
        stored.Envelope.Payload.ToArray().ShouldBe(given.Envelope.Payload.ToArray());
    }

    [Fact]
    public async Task What_is_not_said_comes_back_as_nothing()
    {
        await AppendAsync("poll-1", ExpectedVersion.Any, TestEvents.New());

        var stored = (await ReadAsync("poll-1")).ShouldHaveSingleItem();
        stored.Who.ShouldBeNull();
        stored.Metadata.ShouldBeNull();
        stored.Envelope.CausationId.ShouldBeNull();
        stored.Envelope.TraceParent.ShouldBeNull();
        stored.Envelope.TraceState.ShouldBeNull();
    }

    [Fact]
    public async Task Events_of_one_append_follow_each_other_in_their_order()
    {
        var events = TestEvents.Many(250);

        var result = await AppendAsync("poll-1", ExpectedVersion.NoStream, events);

        var stored = await ReadAsync("poll-1");
        result.Version.ShouldBe(250);
        stored.Select(each => each.Version).ShouldBe(Enumerable.Range(1, 250).Select(number => (long)number));
        stored.Select(each => each.Envelope.Id).ShouldBe(events.Select(each => each.Envelope.Id));
        stored.Select(each => each.Position).ShouldBeInOrder(SortDirection.Ascending);
        result.Position.ShouldBe(stored[^1].Position);
    }

    [Fact]
    public async Task A_stream_has_versions_of_its_own()
    {
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.Many(2));
        await AppendAsync("poll-2", ExpectedVersion.NoStream, TestEvents.Many(1));

        (await AppendAsync("poll-1", ExpectedVersion.Exactly(2), TestEvents.New())).Version.ShouldBe(3);
        (await AppendAsync("poll-2", ExpectedVersion.Exactly(1), TestEvents.New())).Version.ShouldBe(2);
        (await Store.FindVersionAsync(null, "poll-1", Cancel)).ShouldBe(3);
        (await Store.FindVersionAsync(null, "poll-2", Cancel)).ShouldBe(2);
        (await Store.FindVersionAsync(null, "poll-3", Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task A_stream_that_has_moved_on_is_refused_with_both_versions_and_nothing_is_appended()
    {
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.Many(3));

        var exception = await Should.ThrowAsync<WrongExpectedVersionException>(async () => await AppendAsync("poll-1", ExpectedVersion.Exactly(2), TestEvents.Many(2)));

        exception.Stream.ShouldBe("poll-1");
        exception.Expected.ShouldBe(ExpectedVersion.Exactly(2));
        exception.Actual.ShouldBe(3);
        exception.Message.ShouldContain("'poll-1'");
        exception.Message.ShouldContain("expected to be at version 2");
        exception.Message.ShouldContain("is at version 3");
        (await ReadAsync("poll-1")).Count.ShouldBe(3);
        (await ReadAllAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_stream_that_should_not_be_there_is_refused()
    {
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.New());

        var exception = await Should.ThrowAsync<WrongExpectedVersionException>(async () => await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.New()));

        exception.Actual.ShouldBe(1);
        exception.Message.ShouldContain("expected to be at no stream");
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_refused_where_one_is_wanted()
    {
        foreach (var expected in new[] { ExpectedVersion.Exists, ExpectedVersion.Exactly(1) })
        {
            var exception = await Should.ThrowAsync<WrongExpectedVersionException>(async () => await AppendAsync("poll-1", expected, TestEvents.New()));

            exception.Actual.ShouldBe(0);
            exception.Message.ShouldContain("does not exist");
        }

        (await Store.FindVersionAsync(null, "poll-1", Cancel)).ShouldBe(0);
        (await ReadAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_version_in_the_future_is_refused()
    {
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.New());

        (await Should.ThrowAsync<WrongExpectedVersionException>(async () => await AppendAsync("poll-1", ExpectedVersion.Exactly(5), TestEvents.New()))).Actual.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_expects_nothing_appends_to_any_stream()
    {
        (await AppendAsync("poll-1", ExpectedVersion.Any, TestEvents.New())).Version.ShouldBe(1);
        (await AppendAsync("poll-1", ExpectedVersion.Any, TestEvents.New())).Version.ShouldBe(2);
        (await AppendAsync("poll-1", ExpectedVersion.Exists, TestEvents.New())).Version.ShouldBe(3);
    }

    [Fact]
    public async Task Of_many_who_expect_one_version_one_appends() // the promise of an expected version
    {
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.New());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    await AppendAsync("poll-1", ExpectedVersion.Exactly(1), TestEvents.Many(3));
                    return 0L;
                }
                catch (WrongExpectedVersionException exception)
                {
                    return exception.Actual;
                }
            },
            Cancel)));

        outcomes.Count(actual => actual == 0).ShouldBe(1);
        outcomes.Count(actual => actual == 4).ShouldBe(15);
        (await ReadAsync("poll-1")).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Of_many_who_begin_one_stream_one_does()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    return (await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.Many(2))).Version;
                }
                catch (WrongExpectedVersionException)
                {
                    return 0;
                }
            },
            Cancel)));

        outcomes.Count(version => version == 2).ShouldBe(1);
        outcomes.Count(version => version == 0).ShouldBe(15);
        (await ReadAsync("poll-1")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Of_many_who_expect_nothing_all_append_and_no_version_is_left_out()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () =>
            {
                for (var i = 0; i < 5; i++)
                {
                    await AppendAsync("poll-1", ExpectedVersion.Any, TestEvents.Many(2));
                }
            },
            Cancel)));

        var stored = await ReadAsync("poll-1");
        stored.Select(each => each.Version).ShouldBe(Enumerable.Range(1, 160).Select(number => (long)number));
        stored.Select(each => each.Position).ShouldBeInOrder(SortDirection.Ascending);
    }

    [Fact]
    public async Task Names_and_texts_are_data()
    {
        foreach (var text in new[] { "a'b", "a\"b", "a%b_c", "a\\b", "a;DROP TABLE events", "ä\U0001F514", new string('x', 200) })
        {
            await AppendAsync(text, ExpectedVersion.NoStream, new NewEvent { Envelope = TestEvents.New().Envelope, Who = text + "\0", Metadata = $$"""{"a":"{{Encoding.UTF8.GetByteCount(text)}}"}""" });

            var stored = (await ReadAsync(text)).ShouldHaveSingleItem();
            stored.Stream.ShouldBe(text);
            stored.Who.ShouldBe(text + "\0");
        }

        (await ReadAsync("A'B")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_append_that_is_cancelled_before_it_begins_changes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.AppendAsync(null, "poll-1", ExpectedVersion.Any, TestEvents.Many(1), cancelled.Token));

        (await ReadAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_append_of_nothing_is_a_mistake() =>
        await Should.ThrowAsync<ArgumentException>(async () => await AppendAsync("poll-1", ExpectedVersion.Any));

    [Fact]
    public async Task A_payload_of_a_mebibyte_comes_back()
    {
        var payload = new byte[1024 * 1024];
        new Random(1).NextBytes(payload);

        await AppendAsync("poll-1", ExpectedVersion.Any, TestEvents.New(payload: payload), TestEvents.New());

        (await ReadAsync("poll-1"))[0].Envelope.Payload.Span.SequenceEqual(payload).ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_appended_is_there_for_another_process()
    {
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.Many(2));
        var another = await OpenAnotherAsync();

        (await another.Streams.FindVersionAsync(null, "poll-1", Cancel)).ShouldBe(2);
        (await another.Streams.AppendAsync(null, "poll-1", ExpectedVersion.Exactly(2), TestEvents.Many(1), Cancel)).Version.ShouldBe(3);
    }
}
