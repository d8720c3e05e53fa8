using Carillon.Dispatch.Internal;

namespace Carillon.Tests.Dispatch.Internal;

public sealed class EventSlotTests
{
    [Theory]
    [InlineData(typeof(string))]
    [InlineData(typeof(Guid))]
    [InlineData(typeof(DayOfWeek))]
    public void A_type_that_no_other_can_stand_for_is_exact(Type type) => EventSlot.IsExact(type).ShouldBeTrue();

    [Theory]
    [InlineData(typeof(EventArgs))]
    [InlineData(typeof(IDisposable))]
    [InlineData(typeof(object))]
    // Sealed, all three, and yet an object[] can be a string[], an Action<string> an Action<object>, and an int? is boxed as an int.
    [InlineData(typeof(object[]))]
    [InlineData(typeof(Action<string>))]
    [InlineData(typeof(int?))]
    public void A_type_that_another_can_stand_for_is_not_exact(Type type) => EventSlot.IsExact(type).ShouldBeFalse();
}
