using System.Runtime.InteropServices;
using Mainstay.LocalStack;
using Mainstay.LocalStack.Commands;

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
        "up" => await UpCommand.RunAsync(arguments, stop.Token),
        "down" => await DownCommand.RunAsync(arguments),
        "status" => await StatusCommand.RunAsync(arguments, stop.Token),
        "keys" => KeysCommand.Run(arguments),
        "token" => TokenCommand.Run(arguments),
        "kill" => await ServiceCommand.KillAsync(arguments, stop.Token),
        "restart" => await ServiceCommand.RestartAsync(arguments, stop.Token),
        "temporal" => await TemporalCommand.RunAsync(arguments, stop.Token),
        "setup" => await SetupCommand.RunAsync(arguments, stop.Token),
        "test" => await TestCommand.RunAsync(arguments, stop.Token),
        _ => throw new LocalStackException("Commands: up, down, status, keys, token, kill, restart, temporal, setup, test."),
    };
}
catch (LocalStackException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"{e.Message} Free some space or change the permissions, then run the command again.");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
