using Carillon.Simulation.World;

// What tests/Carillon.Simulation.Tests runs. A seed that fails is repeated exactly, with every step, by: --seed N --trace
if (Environment.ProcessorCount != 1)
{
    return await Again.RunAsync(args);
}

OneThread.Require();
switch (args)
{
    case ["--seeds", var first, var count]:
        return await Task.Run(() => Seeds.RunAsync(int.Parse(first, null), int.Parse(count, null), Sabotage.None));
    case ["--seeds", var first, var count, "--sabotage", var sabotage]:
        return await Task.Run(() => Seeds.RunAsync(int.Parse(first, null), int.Parse(count, null), Enum.Parse<Sabotage>(sabotage)));
    case ["--seed", var seed]:
        return await Task.Run(() => Seeds.RunOneAsync(int.Parse(seed, null), showsTrace: false));
    case ["--seed", var seed, "--trace"]:
        return await Task.Run(() => Seeds.RunOneAsync(int.Parse(seed, null), showsTrace: true));
    default:
        Console.Error.WriteLine("usage: --seeds FIRST COUNT [--sabotage NAME] | --seed N [--trace]");
        return 2;
}
