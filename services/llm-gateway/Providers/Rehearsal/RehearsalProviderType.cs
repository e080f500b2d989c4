using Mainstay.LlmGateway.Routing;

namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>Providers of type <c>rehearsal</c>.</summary>
internal sealed class RehearsalProviderType : IModelProviderType
{
    public string Name => "rehearsal";

    public IReadOnlyList<string> Keys => ["script_directory", "timeout"];

    public IPreparedProvider Prepare(string name, SettingsSection section) =>
        new Prepared(name, section.Required("script_directory"), section.Duration("timeout", IModelProvider.DefaultTimeout));

    private sealed class Prepared(string name, string directory, TimeSpan timeout) : IPreparedProvider
    {
        private readonly Dictionary<string, RehearsalScript> scripts = new(StringComparer.Ordinal);

        public void AddModel(string upstreamModel, SettingsSection route)
        {
            var file = Path.Combine(directory, $"{upstreamModel}.yaml");
            if (upstreamModel != Path.GetFileName(upstreamModel) || !File.Exists(file))
            {
                throw route.Refuse("upstream_model", $"names a rehearsal script, and there is no {file}");
            }

            try
            {
                scripts[upstreamModel] = ScriptFile.Read(file);
            }
            catch (ScriptException exception)
            {
                throw route.Refuse("upstream_model", $"is a script that cannot be played: {exception.Message}");
            }
        }

        public IModelProvider Make(IServiceProvider services) =>
            new RehearsalProvider(name, timeout, scripts, services.GetRequiredService<TimeProvider>());
    }
}
