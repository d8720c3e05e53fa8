namespace Polls.Tests.TwoApplications;

/// <summary>The broker that both applications are joined by.</summary>
internal static class Broker
{
    public static string Address => Environment.GetEnvironmentVariable("CARILLON_TEST_RABBITMQ")
        ?? throw new InvalidOperationException("CARILLON_TEST_RABBITMQ is not set: ./test starts a broker for this project; set it to the address of one, amqp://user:password@host:5672, to run the tests by hand.");
}
