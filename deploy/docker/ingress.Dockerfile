# syntax=docker/dockerfile:1.7
# The HTTP front door: takes pictures, puts them into the queue, answers.
#
#   docker build -f deploy/docker/ingress.Dockerfile -t keda-inference/ingress:0.1.0 .
#   docker buildx build --platform linux/amd64,linux/arm64 -f deploy/docker/ingress.Dockerfile -t REGISTRY/keda-inference/ingress:0.1.0 --push .
#
# About 125 MB unpacked (55 MB to pull), of which 110 MB are the .NET runtime.
# No HEALTHCHECK: Kubernetes and compose probe /livez and /readyz, and the image has no shell or curl to do it from inside.

ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
# Any image with the ASP.NET Core 10 runtime; the default has no shell, no package manager and no root user in use.
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled

# Compiles on the builder's own architecture for the target's: nothing is emulated.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
ARG TARGETARCH
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /source

# Packages first: this layer stays while only code changes. (Warnings stop the build elsewhere; what a newer SDK or a new advisory warns of
# shall not stop an image.)
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY deploy/docker/Container.props deploy/docker/
COPY WorkQueue/WorkQueue.csproj WorkQueue/
COPY Ingress/Ingress.csproj Ingress/
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet restore Ingress/Ingress.csproj --arch $TARGETARCH -p:PublishReadyToRun=true -p:TreatWarningsAsErrors=false

COPY .editorconfig ./
COPY WorkQueue/ WorkQueue/
COPY Ingress/ Ingress/
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet publish Ingress/Ingress.csproj --configuration Release --arch $TARGETARCH --no-restore --self-contained false \
      -p:PublishReadyToRun=true -p:GenerateDocumentationFile=false -p:TreatWarningsAsErrors=false --output /app

FROM ${BASE_IMAGE} AS final
WORKDIR /app
COPY --from=build /app ./
# By number, so that Kubernetes can see that it is not root.
USER 1654:1654
# No debugger socket in /tmp: the root file system may be read-only and /tmp absent.
ENV DOTNET_EnableDiagnostics=0
EXPOSE 8080
ENTRYPOINT ["dotnet", "Keda.Inference.Ingress.dll"]
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="keda-inference ingress" \
      org.opencontainers.image.description="HTTP front door of Keda.Inference" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
