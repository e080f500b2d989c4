// Every task a person runs. Whatever is more than starting a tool lives in standins/local-stack.
const string Solution = "Mainstay.slnx";
const string LocalStack = "standins/local-stack/bin/Debug/net10.0/Mainstay.LocalStack.dll";
const string Benchmarks = "tests/Benchmarks/bin/Release/net10.0/Mainstay.Benchmarks.dll";
const string Demo = "samples/demo/bin/Debug/net10.0/Mainstay.Demo.dll";

void Run(string tool, string arguments, string directory = ".")
{
    var exitCode = StartProcess(tool, new ProcessSettings { Arguments = arguments, WorkingDirectory = directory });
    if (exitCode != 0)
    {
        throw new CakeException(exitCode, $"'{tool} {arguments}' ended with exit code {exitCode}.");
    }
}

string Read(string tool, string arguments)
{
    var exitCode = StartProcess(
        tool,
        new ProcessSettings { Arguments = arguments, RedirectStandardOutput = true, RedirectStandardError = true },
        out var output);
    return exitCode == 0 ? output.FirstOrDefault() ?? "" : "";
}

// Options after the task's name go on to the local stack as they were written.
string Forwarded() => string.Join(' ',
    from argument in Context.Arguments.GetArguments()
    where argument.Key is not ("target" or "name" or "verbosity" or "quiet")
    from value in argument.Value
    select value is null or "" ? $"--{argument.Key}" : $"--{argument.Key} \"{value}\"");

// The program has the last word: leaving here keeps Cake's report from following a token or a count of tests.
void Program(string program) => System.Environment.Exit(StartProcess("dotnet", $"{program} {Forwarded()}"));

void Stack(string command) => Program($"{LocalStack} {command}");

Task("help").Does(() =>
{
    foreach (var task in Tasks.Where(task => task.Description is { Length: > 0 }))
    {
        Console.WriteLine($"  {task.Name,-10} {task.Description}");
    }

    System.Environment.Exit(0);
});

Task("build").Description("Builds the solution").Does(() => Run("dotnet", $"build {Solution} --nologo -v quiet"));

Task("local-stack").Does(() =>
{
    if (!FileExists(LocalStack))
    {
        Run("dotnet", "build standins/local-stack --nologo -v quiet");
    }
});

Task("setup").Description("Installs the Debian packages that are missing (as root)")
    .IsDependentOn("local-stack").Does(() => Stack("setup"));

Task("test").Description("Runs every test on one private PostgreSQL and RabbitMQ [--filter <method, * allowed>]")
    .IsDependentOn("build").Does(() => Stack("test"));

Task("demo").Description("Runs the commissioning review through a refusal, an approval and a crash [--keep --free-ports]")
    .IsDependentOn("build").Does(() => Program(Demo));

Task("up").Description("Starts everything and stays [--detach] [--free-ports] [--set <key>=<value>]; --detach returns once all are healthy")
    .IsDependentOn("build").Does(() => Stack("up"));

Task("down").Description("Stops what 'up' started; the databases stay")
    .IsDependentOn("local-stack").Does(() => Stack("down"));

Task("status").Description("Says what runs, and where")
    .IsDependentOn("local-stack").Does(() => Stack("status"));

Task("token").Description("Mints a development token [--subject --team --project --scope --role --ttl]")
    .IsDependentOn("local-stack").Does(() => Stack("token"));

Task("temporal").Description("Starts the embedded Temporal server, and stays [--address 127.0.0.1:7233] [--namespace default] [--database <connection string, default a PostgreSQL of its own>]")
    .IsDependentOn("build").Does(() => Stack("temporal"));

Task("bench").Description("Measures against peers: bench audit, bench grpc, bench skills, bench temporal [--repeats 5] [--seconds 3] [--only <part of a name>]").Does(() =>
{
    Run("dotnet", "build tests/Benchmarks --configuration Release --nologo -v quiet");
    Program($"{Benchmarks} {Argument("name", "")}");
});

Task("clean").Description("Removes what was built and the local databases")
    .Does(() =>
    {
        if (FileExists(LocalStack))
        {
            Run("dotnet", $"{LocalStack} down --wipe");
        }

// A package of npm may have a bin folder of its own.
        var own = new GlobberSettings { Predicate = directory => directory.Path.GetDirectoryName() != "node_modules" };
        DeleteDirectories(
            GetDirectories("./{protos,services,standins,tests,samples}/**/{bin,obj}", own) + GetDirectories("./TestResults"),
            new DeleteDirectorySettings { Recursive = true, Force = true });
    });

Task("install-buf").WithCriteria(() => !DirectoryExists("protos/node_modules"))
    .Does(() => Run("npm", "ci --no-audit --no-fund --loglevel=error", "protos"));

Task("format").Does(() => Run("dotnet", "format whitespace . --folder --verify-no-changes --exclude **/bin **/obj **/node_modules .run"));

Task("buf-lint").IsDependentOn("install-buf").Does(() => Run("npm", "exec --no -- buf lint", "protos"));

// A branch is compared with where it left main; main itself with its previous commit. A clone's first commit has nothing to break.
Task("buf-breaking").IsDependentOn("install-buf").Does(() =>
{
    var head = Read("git", "rev-parse HEAD");
    var baseline = Read("git", "merge-base HEAD origin/main") is { Length: > 0 } remote ? remote : Read("git", "merge-base HEAD main");
    baseline = baseline == head || baseline == "" ? Read("git", "rev-parse --verify --quiet HEAD^") : baseline;
    if (baseline == "" || Read("git", $"ls-tree --name-only {baseline} protos") == "")
    {
        Console.WriteLine("buf breaking: no earlier contracts to compare with.");
        return;
    }

    EnsureDirectoryExists(".run");
    Run("git", $"archive --format=tar --output=.run/contracts.tar {baseline} protos");
    Run("npm", "exec --no -- buf breaking --against ../.run/contracts.tar#subdir=protos", "protos");
});

Task("lint").Description("Checks the format, the contracts' style, and that no contract breaks its callers")
    .IsDependentOn("format").IsDependentOn("buf-lint").IsDependentOn("buf-breaking");

RunTarget(Argument<string>("target"));
