using Carillon.Deliveries.Internal;

namespace Carillon.Tests.Deliveries.Internal;

public sealed class ClaimsTests
{
    private readonly Claims _claims = new();

    [Fact]
    public void There_are_none_before_the_start_and_after_the_stop()
    {
        _claims.TryBegin().ShouldBeFalse();
        _claims.Open();
        _claims.TryBegin().ShouldBeTrue();
        _claims.Close();
        _claims.TryBegin().ShouldBeFalse();
        _claims.Open();
        _claims.AreOpen.ShouldBeFalse();
    }

    [Fact]
    public void A_stop_waits_until_the_last_one_has_ended()
    {
        _claims.Open();
        _claims.TryBegin();
        _claims.TryBegin();
        _claims.End();
        _claims.Close();
        _claims.None.IsCompleted.ShouldBeFalse();

        _claims.End();

        _claims.None.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void A_stop_without_any_waits_for_nothing()
    {
        _claims.Open();
        _claims.TryBegin();
        _claims.End();

        _claims.None.IsCompleted.ShouldBeFalse();
        _claims.Close();
        _claims.None.IsCompleted.ShouldBeTrue();
    }
}
