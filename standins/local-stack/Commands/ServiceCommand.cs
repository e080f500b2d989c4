using Mainstay.LocalStack.Processes;
using Mainstay.LocalStack.Services;

namespace Mainstay.LocalStack.Commands;

/// <summary>Kills or restarts one service of a running stack.</summary>
internal static class ServiceCommand
{
    public static async Task<int> KillAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var (directory, service) = Read(arguments);
        await new ProcessTable(directory).KillAsync(service.Name, cancellationToken);
        Console.WriteLine($"{service.Name} is killed.");
        return 0;
    }

    public static async Task<int> RestartAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var (directory, service) = Read(arguments);
        await new StackStart(directory, new() { Progress = Console.WriteLine }).RestartAsync(service, cancellationToken);
        return 0;
    }

    private static (RunDirectory Directory, ServiceDefinition Service) Read(Arguments arguments)
    {
        arguments.RequireKnown("service");
        var name = arguments.Value("service") ?? arguments.Positional.FirstOrDefault() ?? "";
        return (new(new LocalStackOptions().RunDirectory), ServiceDefinition.Named(name));
    }
}
