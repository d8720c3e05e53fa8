using System.Text;
using Carillon.RabbitMq.Transports.Internal;
using Carillon.Transports;

namespace Carillon.RabbitMq.Tests.Transports.Internal;

public sealed class QueueNamesTests
{
    [Fact]
    public void A_plain_key_stands_in_the_name_as_it_is()
    {
        var names = QueueNames.Of("carillon", "shop.notifications-2");

        names.Queue.ShouldBe("carillon.shop.notifications-2");
        names.Dead.ShouldBe("carillon.shop.notifications-2:dead");
        names.Patterns.ShouldBe("carillon.shop.notifications-2:patterns");
        names.Retry(DelayStep.For(TimeSpan.FromSeconds(3)).Step).ShouldBe("carillon.shop.notifications-2:retry-4s");
    }

    [Fact]
    public void Another_one_has_a_name_that_is_the_same_in_each_release() =>
        QueueNames.Of("carillon", "a/b").Queue.ShouldBe("carillon.a_b~6df7cee24c7627c8517c73bf5f10ca67");

    [Fact]
    public void Keys_that_differ_have_names_that_differ()
    {
        string[] keys = ["a b", "a_b", "a/b", "a:dead", "a", "a:b", "A", "\u00e4", "a\ud83d", "a\ud83e", "a~", new('/', 60), new('/', 61), QueueNames.Of("x", "a b").Queue[2..]];

        keys.Select(key => QueueNames.Of("carillon", key).Queue).Distinct().Count().ShouldBe(keys.Length);
    }

    [Fact]
    public void The_longest_key_fits_into_what_the_broker_allows()
    {
        var longest = QueueNames.Of(new string('e', 60), new string('\u20ac', TransportSubscription.MaxKeyLength));

        Encoding.UTF8.GetByteCount(longest.Retry(DelayStep.All.Last())).ShouldBeLessThanOrEqualTo(255);
        Encoding.UTF8.GetByteCount(QueueNames.Of(new string('e', 60), new string('k', TransportSubscription.MaxKeyLength)).Patterns).ShouldBeLessThanOrEqualTo(255);
    }
}
