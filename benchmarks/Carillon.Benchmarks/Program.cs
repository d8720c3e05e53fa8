using Carillon.Benchmarks.InProcess;

return args switch
{
    ["inproc", .. var rest] => InProcessSuite.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Run ./bench inproc, ./bench startup or ./bench durable. docs/speed.md says what each measures.");
    return 2;
}
