using Carillon.Aot.App;

// What tests/Carillon.Aot.Tests runs, and ./bench aot: each part prints what it sees, a line each.
switch (args)
{
    case ["start"]:
        return await Start.RunAsync(isDurable: false);
    case ["start", "durable"]:
        return await Start.RunAsync(isDurable: true);
    case ["first", var folder]:
        await Shop.RunUntilKilledAsync(folder);
        return 1;
    case ["second", var folder]:
        return await Shop.RunAgainAsync(folder);
    default:
        Console.Error.WriteLine("usage: start [durable] | first FOLDER | second FOLDER");
        return 2;
}
