using System.Reflection;
using System.Runtime.InteropServices;
using Mainstay.LocalStack;
using Mainstay.LocalStack.Commands;

var repository = typeof(Arguments).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!;
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    var arguments = new Arguments([.. args.Skip(1)]);
    return args.FirstOrDefault() switch
    {
        "setup" => await SetupCommand.RunAsync(arguments, stop.Token),
        "test" => await TestCommand.RunAsync(repository, arguments, stop.Token),
        _ => throw new LocalStackException("Commands: setup, test."),
    };
}
catch (LocalStackException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
