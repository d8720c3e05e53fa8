using Carillon.Events;

namespace Carillon.Tests.Events;

public sealed class EventNameTests
{
    [Theory]
    [InlineData("PollCreated", "poll.created")]
    [InlineData("OrderLineAdded", "order-line.added")]
    [InlineData("UserRegisteredEvent", "user.registered")]
    [InlineData("HTTPRequestReceived", "http-request.received")]
    [InlineData("Ping", "ping")]
    [InlineData("Event", "event")]
    [InlineData("poll_created", "poll.created")]
    public void A_name_is_derived_from_the_words_of_the_type(string typeName, string expected) =>
        EventName.Derive(typeName, []).ShouldBe(expected);

    [Fact]
    public void A_type_argument_comes_before_the_action() => EventName.Derive("Created", ["Order"]).ShouldBe("order.created");

    [Theory]
    [InlineData("order.placed")]
    [InlineData("order-line.added_twice")]
    [InlineData("ping")]
    public void A_name_of_segments_is_valid(string name) => EventName.Fault(name).ShouldBeNull();

    [Theory] // Conformance 98: a pattern is no name
    [InlineData("")]
    [InlineData(".placed")]
    [InlineData("order.")]
    [InlineData("order..placed")]
    [InlineData("order placed")]
    [InlineData("order.*")]
    [InlineData("order.#")]
    public void A_name_that_is_no_name_is_told_why(string name) => EventName.Fault(name).ShouldNotBeNullOrEmpty();

    [Fact]
    public void A_name_has_two_hundred_characters_at_the_most()
    {
        EventName.Fault(new string('a', 200)).ShouldBeNull();
        EventName.Fault(new string('a', 201)).ShouldNotBeNull();
    }
}
