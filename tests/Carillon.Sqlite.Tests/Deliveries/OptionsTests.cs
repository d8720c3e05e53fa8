using Carillon.Deliveries;
using Carillon.Sqlite.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sqlite.Tests.Deliveries;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=polls;Mode=Memory;Cache=Shared")]
    [InlineData("Data Source=file:polls?mode=memory&cache=shared")]
    [InlineData("Data Source=file::memory:?cache=shared")]
    [InlineData("Cache=Shared")]
    [InlineData("Data Source=")]
    public void A_database_in_memory_is_refused_with_the_advice_to_use_the_one_that_is_meant_for_it(string connectionString)
    {
        var exception = Should.Throw<CarillonConfigurationException>(() => Resolve(connectionString));

        exception.Message.ShouldContain("names no file");
        exception.Message.ShouldContain("UseInMemory()");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void A_missing_connection_string_is_named_as_such(string? connectionString)
    {
        var exception = Should.Throw<CarillonConfigurationException>(() => Resolve(connectionString!));

        exception.Message.ShouldContain("no connection string");
        exception.Message.ShouldContain("Data Source=app.db");
    }

    [Theory]
    [InlineData("Host=localhost;Password=s3cret", "Host")]
    [InlineData("Data Source=polls.db;Mode=Fast;Password=s3cret", "Fast")]
    [InlineData("polls.db", "index 0")]
    public void A_connection_string_that_cannot_be_read_says_why_and_gives_no_secret_away(string connectionString, string fault)
    {
        var exception = Should.Throw<CarillonConfigurationException>(() => Resolve(connectionString));

        exception.Message.ShouldContain(fault);
        exception.Message.ShouldContain("Data Source=app.db");
        exception.Message.ShouldNotContain("s3cret");
    }

    [Fact]
    public void The_description_names_the_file_and_gives_no_secret_away()
    {
        using var store = new SqliteDeliveryStore(new SqliteOptions { ConnectionString = "Data Source=polls.db;Password=s3cret" });

        store.Description.ShouldBe("SQLite database 'polls.db'");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(86_401)]
    public void A_busy_timeout_out_of_range_is_refused(int seconds)
    {
        var exception = Should.Throw<CarillonException>(() => new SqliteDeliveryStore(
            new SqliteOptions { ConnectionString = "Data Source=polls.db", BusyTimeout = TimeSpan.FromSeconds(seconds) }));

        exception.Message.ShouldContain("BusyTimeout");
        exception.Message.ShouldContain("from zero to one day");
    }

    [Fact]
    public void The_store_is_disposed_with_the_services_in_either_way()
    {
        using var services = new ServiceCollection().AddCarillon(carillon => carillon.UseSqlite("Data Source=polls.db")).BuildServiceProvider();

        services.GetRequiredService<IDeliveryStore>().Description.ShouldBe("SQLite database 'polls.db'");
    }

    private static IDeliveryStore Resolve(string connectionString)
    {
        using var services = new ServiceCollection().AddCarillon(carillon => carillon.UseSqlite(connectionString)).BuildServiceProvider();
        return services.GetRequiredService<IDeliveryStore>();
    }
}
