using System.Globalization;
using Carillon.Sagas;

namespace Carillon.Tests.Sagas;

public sealed class SagaKeyTests
{
    [Fact] // D2
    public void A_key_is_text_whatever_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
        try
        {
            SagaKey.Of("a").ShouldBe("a");
            SagaKey.Of((string?)null).ShouldBeNull();
            SagaKey.Of(Guid.Empty).ShouldBe("00000000-0000-0000-0000-000000000000");
            SagaKey.Of(-7).ShouldBe("-7");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
