using Carillon.Hosting;
using Carillon.RabbitMq.Transports;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.RabbitMq.Tests;

public sealed class OptionsTests
{
    private const string Secret = "s3cret";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("amqp://shop:s3cret@mq.example:5673/orders", "RabbitMQ at mq.example:5673, virtual host 'orders'")]
    [InlineData("amqp://shop:s3cret@mq.example", "RabbitMQ at mq.example:5672")]
    [InlineData("amqps://shop:s3cret@mq.example", "RabbitMQ at mq.example:5671")]
    public void The_description_says_where_and_never_who(string address, string description) =>
        Create(options => options.Connection.Address = address).Description.ShouldBe(description);

    [Fact]
    public void Properties_go_before_the_address() =>
        Create(options =>
        {
            options.Connection.Address = "amqp://shop:s3cret@mq.example/orders";
            options.Connection.Hosts = "one, two:5700";
            options.Connection.VirtualHost = "events";
            options.Connection.Port = 5600;
        }).Description.ShouldBe("RabbitMQ at one:5600 or two:5700, virtual host 'events'");

    [Theory]
    [InlineData("http://shop:s3cret@mq.example")]
    [InlineData("shop:s3cret@mq")]
    [InlineData("amqp://shop:s3cret@mq:notaport/")]
    [InlineData("")]
    public void An_address_that_is_none_is_refused_without_its_text(string address)
    {
        var exception = Should.Throw<CarillonConfigurationException>(() => Create(options => options.Connection.Address = address));

        exception.Message.ShouldContain("cannot be read");
        exception.ToString().ShouldNotContain(Secret);
    }

    [Fact] // Starting it again would not help: whoever looks after the process leaves it alone.
    public async Task A_worker_whose_address_is_none_ends_with_78()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => carillon.UseInMemory().UseRabbitMq("rabbit:5672"));

        (await builder.Build().RunWorkerAsync(Cancel)).ShouldBe(WorkerExitCode.Misconfigured);
    }

    [Theory]
    [InlineData("amq.topic")]
    [InlineData("a b")]
    [InlineData("")]
    public void An_exchange_that_cannot_be_is_refused(string exchange) =>
        Should.Throw<CarillonConfigurationException>(() => Create(options => options.Exchange = exchange)).Message.ShouldContain("RabbitMqOptions.Exchange");

    [Fact]
    public void Numbers_that_cannot_be_are_refused()
    {
        Should.Throw<CarillonConfigurationException>(() => Create(options => options.MaxUnconfirmed = 0)).Message.ShouldContain("MaxUnconfirmed is 0");
        Should.Throw<CarillonConfigurationException>(() => Create(options => options.PublishTimeout = TimeSpan.Zero)).Message.ShouldContain("PublishTimeout is 00:00:00");
        Should.Throw<CarillonConfigurationException>(() => Create(options => options.MaxPriority = 256)).Message.ShouldContain("MaxPriority is 256");
        Should.Throw<CarillonConfigurationException>(() => Create(options => options.QueueKind = "stream")).Message.ShouldContain("QueueKind is 'stream'");
    }

    [Fact]
    public async Task A_user_who_is_not_let_in_is_told_so_without_the_password()
    {
        await using var place = new RabbitPlace();

        var exception = await Should.ThrowAsync<TransportException>(async () => await place.OpenAsync(options => options.Connection.Password = Secret));

        exception.Message.ShouldContain("Could not connect to RabbitMQ at ");
        exception.Message.ShouldContain("does not let this user in");
        exception.ToString().ShouldNotContain(Secret);
    }

    [Fact]
    public async Task A_virtual_host_that_is_not_there_is_told_of()
    {
        await using var place = new RabbitPlace();

        (await Should.ThrowAsync<TransportException>(async () => await place.OpenAsync(options => options.Connection.VirtualHost = "nowhere"))).Message.ShouldContain("virtual host");
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_told_of()
    {
        await using var transport = Create(options => options.Connection.Address = "amqp://127.0.0.1:1/");

        (await Should.ThrowAsync<TransportException>(async () => await transport.PrepareAsync(Cancel))).Message.ShouldContain("See that the broker runs");
    }

    private static RabbitMqTransport Create(Action<RabbitMqOptions> configure)
    {
        var options = new RabbitMqOptions();
        configure(options);
        return new RabbitMqTransport(options);
    }

    [Fact]
    public async Task A_broker_that_is_away_is_told_to_whoever_looks_after_it()
    {
        var options = new RabbitMqOptions();
        options.Connection.Address = "amqp://guest:s3cret@127.0.0.1:1";
        await using var transport = new RabbitMqTransport(options);

        var exception = await Should.ThrowAsync<TransportException>(async () => await transport.CheckAsync(TestContext.Current.CancellationToken));

        exception.Message.ShouldContain("127.0.0.1:1");
        exception.Message.ShouldNotContain("s3cret");
    }
}
