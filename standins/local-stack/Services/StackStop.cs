using Mainstay.LocalStack.Dependencies;
using Mainstay.LocalStack.Processes;

namespace Mainstay.LocalStack.Services;

/// <summary>Stops all that a run directory knows of, services before what they stand on.</summary>
internal sealed class StackStop(RunDirectory directory, Action<string> progress)
{
    private readonly ProcessTable processes = new(directory);

    /// <summary>Stops everything; with <paramref name="wipe"/>, the databases and keys go too.</summary>
    public async Task RunAsync(bool wipe)
    {
        await Task.WhenAll(ServiceDefinition.All.Select(service => StopAsync(service.Name)));
        await StopAsync(ServiceLaunch.Temporal);
        await Task.WhenAll(StopAsync(LocalRabbitMq.Name), StopAsync(LocalPostgres.Name));
        await processes.StopAllAsync();
        await new ComposeDependencies(directory).StopAsync(wipe);
        File.Delete(directory.Endpoints);
        if (wipe)
        {
            Wipe();
        }
    }

    private async Task StopAsync(string name)
    {
        var ran = processes.Find(name) is not null;
        await processes.StopAsync(name);
        if (ran)
        {
            progress($"  {name,-13} stopped");
        }
    }

    private void Wipe()
    {
        // The databases may lie behind a link; see PrivateDirectory.
        var databases = Path.Combine(directory.Root, LocalPostgres.Name);
        if (Directory.ResolveLinkTarget(databases, returnFinalTarget: true) is { Exists: true } target)
        {
            Directory.Delete(target.FullName, recursive: true);
        }

        Directory.Delete(directory.Root, recursive: true);
    }
}
