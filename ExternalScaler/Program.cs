using System.CommandLine;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.ExternalScaler.Inspection;

if (args is ["inspect" or "--help" or "-h" or "-?" or "--version", ..])
{
    var root = new RootCommand(
        "KEDA external scaler for work queues. Without a subcommand it serves; its settings are configuration such as "
        + "--Scaler:GrpcPort=6000, --Scaler:HttpPort=8080, --Redis:ConnectionString=redis:6379, or environment variables such as "
        + "Scaler__GrpcPort. ExternalScaler/README.md lists them all.")
    {
        InspectCommand.Create(),
    };
    // Wrong usage is 2, as wrong configuration is.
    var parsed = root.Parse(args);
    var code = await parsed.InvokeAsync();
    return parsed.Errors.Count > 0 ? 2 : code;
}
return await ServeCommand.RunAsync(args);
